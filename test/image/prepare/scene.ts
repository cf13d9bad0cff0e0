/** Draws a scene with what reducing can get wrong. */

/** Shades with a disk, and every second row a little lighter: [height, width, 3]. */
export function scene(height: number, width: number) {
  const pixels = Buffer.alloc(height * width * 3);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at += 3) {
      const isDisk = (column - width * 0.6) ** 2 + (row - height / 2) ** 2 < (height * 0.3) ** 2;
      const colour = isDisk
        ? [230, 40, 30]
        : [(255 * column) / width, (240 * row) / height, 128 + 100 * Math.sin(row / 9)];
      for (const [channel, level] of colour.entries()) pixels[at + channel] = Math.min(255, level + (row % 2) * 12);
    }
  }
  return { pixels, height, width, channels: 3 as const };
}
