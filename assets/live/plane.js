/**
 * The plane of an analogy as a drawing: four words, the arrows between them, and where other answers stand. One unit is
 * as long up as across, or no angle would be what it looks. All text goes in as text.
 */
const SPACE = "http://www.w3.org/2000/svg";
const EDGE = { left: 58, right: 14, top: 10, bottom: 48 };
const GAP = 5; // pixels between a point and its label
const SHORT = 9; // pixels by which an arrow stops before its point
const TICKS = 5;

/** @type {WeakMap<Element, { observer: ResizeObserver, width: number }>} */
const watched = new WeakMap();

/**
 * Show the plane in its place, as wide as that is from now on; return what ends it.
 *
 * @param {HTMLElement} place
 */
export function show(place, data) {
  const paint = (wide) => {
    if (!wide || wide === last.width) return;
    last.width = wide;
    place.replaceChildren(drawing(data, wide, data.height));
  };
  const before = watched.get(place);
  before?.observer.disconnect();
  const last = { observer: new ResizeObserver(() => paint(place.clientWidth)), width: 0 };
  watched.set(place, last);
  paint(before?.width || place.clientWidth); // to ask for the width costs a layout; if it is another now, that is heard
  last.observer.observe(place);
  return () => last.observer.disconnect();
}

function drawing(data, width, height) {
  const view = viewOf(data.shown, width, height);
  const at = ([x, y]) => [view.x(x), view.y(y)];
  const corners = data.dashed.map((corner) => at(corner).join(","));
  return svg(
    "svg",
    { width, height, role: "img", "aria-label": data.alt },
    ...axes(data, view, width, height),
    svg("polyline", { class: "ls-dashed", points: corners.join(" ") }),
    ...data.points.map((one) => point(one, at(one.at))),
    ...data.points.map((one) => label(one, at(one.at))),
    ...data.arrows.map(({ from, to, colour }) => arrow(at(from), at(to), colour)),
  );
}

/** Return how numbers of the plane become pixels, and what is seen of it: as much as fits, at one scale. */
function viewOf([[left, right], [bottom, top]], width, height) {
  const [wide, high] = [width - EDGE.left - EDGE.right, height - EDGE.top - EDGE.bottom];
  const unit = Math.max((right - left) / wide, (top - bottom) / high);
  const [x0, y0] = [(left + right - unit * wide) / 2, (bottom + top - unit * high) / 2];
  return {
    x: (x) => EDGE.left + (x - x0) / unit,
    y: (y) => EDGE.top + high - (y - y0) / unit,
    across: [x0, x0 + unit * wide],
    up: [y0, y0 + unit * high],
    step: stepOf((unit * Math.min(wide, high)) / TICKS),
  };
}

/** Return a round number near to a step: 1, 2 or 5 times a power of ten. */
function stepOf(near) {
  const power = 10 ** Math.floor(Math.log10(near));
  return power * (near / power < 1.5 ? 1 : near / power < 3.5 ? 2 : near / power < 7.5 ? 5 : 10);
}

function axes(data, view, width, height) {
  const [foot, middle] = [height - EDGE.bottom, EDGE.top + (height - EDGE.top - EDGE.bottom) / 2];
  const centre = EDGE.left + (width - EDGE.left - EDGE.right) / 2;
  const across = ticks(view.across, view.step).flatMap((value) => [
    svg("line", { class: "ls-grid", x1: view.x(value), x2: view.x(value), y1: EDGE.top, y2: foot }),
    svg("text", { class: "ls-tick", x: view.x(value), y: foot + 15, "text-anchor": "middle" }, written(value, view.step)),
  ]);
  const up = ticks(view.up, view.step).flatMap((value) => [
    svg("line", { class: "ls-grid", x1: EDGE.left, x2: width - EDGE.right, y1: view.y(value), y2: view.y(value) }),
    svg("text", { class: "ls-tick", x: EDGE.left - 6, y: view.y(value) + 4, "text-anchor": "end" }, written(value, view.step)),
  ]);
  const turned = `translate(14 ${middle}) rotate(-90)`;
  return [
    ...across,
    ...up,
    svg("text", { class: "ls-title", x: centre, y: height - 8, "text-anchor": "middle" }, data.titles[0]),
    svg("text", { class: "ls-title", transform: turned, "text-anchor": "middle" }, data.titles[1]),
  ];
}

function ticks([low, high], step) {
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, place) => (first + place) * step);
}

function written(value, step) {
  return value.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9))).replace(/^-(?=.*[1-9])/, "−").replace(/^-/, "");
}

function arrow([x1, y1], [x2, y2], colour) {
  const long = Math.hypot(x2 - x1, y2 - y1);
  if (long < 2 * SHORT + 1) return svg("g", {});
  const [dx, dy] = [(x2 - x1) / long, (y2 - y1) / long];
  const [tipX, tipY] = [x2 - SHORT * dx, y2 - SHORT * dy];
  const side = (turn) => `${tipX - 9 * dx + turn * 4.5 * dy},${tipY - 9 * dy - turn * 4.5 * dx}`;
  return svg(
    "g",
    { class: "ls-arrow", fill: colour, stroke: colour },
    svg("line", { x1: x1 + SHORT * dx, y1: y1 + SHORT * dy, x2: tipX - 6 * dx, y2: tipY - 6 * dy }),
    svg("polygon", { points: `${tipX},${tipY} ${side(1)} ${side(-1)}` }),
  );
}

function point({ size, opacity, colour, shape, told }, [x, y]) {
  const half = size / 2;
  const title = svg("title", {}, told);
  return shape === "diamond-open"
    ? svg("polygon", { class: "ls-corner", stroke: colour, opacity, points: `${x},${y - half} ${x + half},${y} ${x},${y + half} ${x - half},${y}` }, title)
    : svg("circle", { cx: x, cy: y, r: half, fill: colour, opacity }, title);
}

function label({ label: text, side, size }, [x, y]) {
  const off = size / 2 + GAP;
  const [dx, dy, anchor] = {
    "top center": [0, -off, "middle"],
    "bottom center": [0, off + 9, "middle"],
    "middle left": [-off, 4, "end"],
    "middle right": [off, 4, "start"],
  }[side];
  return text ? svg("text", { class: "ls-label", x: x + dx, y: y + dy, "text-anchor": anchor }, text) : svg("g", {});
}

/** Return a new element of a drawing. */
function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}
