/**
 * The tree of a beam search: its branches, and what is told of them.
 *
 * @typedef {import("./painter.js").Scene} Scene
 *
 * @typedef {import("./card.js").Panel & {array: string, symbols: string, about: string, fates: string[]}} BeamsPanel  see
 *     engine/figures/panel.py
 *
 * @typedef {object} Branch
 * @property {number} index  in the arrays
 * @property {number} column  which symbol it adds, from 0
 * @property {number} row  its place among those of its column
 * @property {Branch | null} parent
 * @property {string} name  of its last symbol
 * @property {number} cost  the log-probability of that
 * @property {number} total  of the whole beginning
 * @property {number} score
 * @property {number} fate  see DROPPED and so on
 * @property {boolean} isFound  whether it leads to what was found
 *
 * @typedef {object} Tree
 * @property {Branch[]} branches
 * @property {Branch[][]} columns
 * @property {number} rows  of the longest column
 */
import { exact, whole } from "./numbers.js";
import { linesOf, nameOf, quoted } from "./steps.js";

export const [DROPPED, KEPT, ENDED] = [0, 1, 2];

/** @param {BeamsPanel} panel @param {Scene} scene @returns {Tree | null} null where there is none */
export function readBeams({ array, symbols }, scene) {
  const [step, parent, cost, total, score, fate, found] = ["step", "parent", "cost", "total", "score", "fate", "found"].map(
    (name) => scene.frame.arrays.get(`${array}.${name}`)?.values ?? [],
  );
  const names = linesOf(symbols, scene);
  const count = Math.min(step.length, names.length);
  if (!count) return null;
  /** @type {Branch[]} */
  const branches = [];
  /** @type {Branch[][]} */
  const columns = [];
  for (let index = 0; index < count; index += 1) {
    const column = step[index] - 1;
    const row = (columns[column] ??= []).length;
    const branch = {
      index, column, row, parent: branches[parent[index]] ?? null, name: names[index], cost: cost[index], total: total[index],
      score: score[index], fate: fate[index], isFound: found[index] === 1,
    };
    columns[column].push(branch);
    branches.push(branch);
  }
  return { branches, columns, rows: Math.max(...columns.map(({ length }) => length)) };
}

/** The whole beginning of a branch. @param {Branch} branch @returns {string} */
export function textOf({ parent, name }) {
  return `${parent ? textOf(parent) : ""}${nameOf(name)}`;
}

/** What became of a branch, in words. @param {Branch} branch @param {BeamsPanel} panel */
export function fateOf({ fate, isFound }, { fates }) {
  return `${fates[fate] ?? fate}${isFound ? ", found" : ""}`;
}

/**
 * What is told of a branch: its beginning, the sum that is its log-probability, its score and its fate.
 *
 * @param {Branch} branch
 * @param {BeamsPanel} panel
 * @returns {string[]}
 */
export function branchLines(branch, panel) {
  const { parent, cost, total, score } = branch;
  const sum = parent ? `${exact(parent.total)} ${cost < 0 ? "−" : "+"} ${exact(Math.abs(cost))} = ` : "";
  return [quoted(textOf(branch)), `log-probability: ${sum}${exact(total)}`, `score: ${exact(score)}`, fateOf(branch, panel)];
}

/** How large it is. @param {Tree} tree */
export function sizeWords({ branches, columns }) {
  const [symbols, looked] = [columns.length, branches.length];
  return `${whole(symbols)} ${symbols === 1 ? "symbol" : "symbols"}, ${whole(looked)} ${looked === 1 ? "branch" : "branches"}`;
}

/** @param {Tree | null} tree @param {BeamsPanel} panel @returns {import("./csv.js").Numbers} */
export function numbersOf(tree, panel) {
  const rows = (tree?.branches ?? []).map((branch) => [
    branch.index, branch.parent?.index ?? "", branch.column + 1, textOf(branch), branch.name, branch.cost, branch.total, branch.score,
    panel.fates[branch.fate] ?? branch.fate, Number(branch.isFound),
  ]);
  return {
    columns: ["branch", "parent", "symbols", "beginning", "last symbol", "its log-probability", "log-probability", "score", "fate", "found"],
    rows,
  };
}

/** The same to be read: a table for each number of symbols. @param {Tree | null} tree @param {BeamsPanel} panel */
export function tableOf(tree, panel) {
  const rows = (tree?.branches ?? []).map((branch) => [
    `beginnings of ${branch.column + 1}`, quoted(textOf(branch)).slice(1, -1), branch.cost, branch.total, branch.score, fateOf(branch, panel),
  ]);
  return { columns: ["symbols", "beginning", "last symbol", "log-probability", "score", "what became of it"], rows, grouped: true };
}
