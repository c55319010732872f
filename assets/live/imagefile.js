/** An image file that a person has chosen, as something that can be drawn. */

/** No camera makes larger ones; what is larger would only take memory. */
const MOST_BYTES = 50 * 2 ** 20;
const SIDE = 1024;

/**
 * @param {File} file
 * @returns {Promise<ImageBitmap>}  its smaller side has at most 1,024 pixels
 * @throws {Error} with a sentence for a person
 */
export async function imageOf(file) {
  if (file.size > MOST_BYTES) throw new Error(`${file.name} is too large: an image has at most 50 MB.`);
  try {
    const image = await createImageBitmap(file);
    const least = Math.min(image.width, image.height);
    if (least <= SIDE) return image;
    const [wide, high] = [image.width, image.height].map((side) => Math.round((side * SIDE) / least));
    const small = await createImageBitmap(image, { resizeWidth: wide, resizeHeight: high, resizeQuality: "high" });
    image.close();
    return small;
  } catch {
    throw new Error(`${file.name} is no image that this browser can open: choose a PNG, JPEG or WebP file.`);
  }
}
