/** What a reader sees of the report page: an expression that the browser evaluates in it (WCAG's contrasts, sizes). */
// @ts-nocheck: it runs in a browser, whose types the compiler does not load
(() => {
  /** The parts of a computed colour such as `rgba(0, 0, 0, 0.5)`, with its opacity; undefined for `none`. */
  const parse = (text, opacity = 1) => {
    const parts = text
      .match(/^rgba?\((.*)\)$/)?.[1]
      .split(',')
      .map(Number);
    return parts && { rgb: parts.slice(0, 3), alpha: (parts[3] ?? 1) * opacity };
  };
  const over = ({ rgb, alpha }, back) => rgb.map((part, at) => alpha * part + (1 - alpha) * back[at]);
  const luminance = (rgb) => {
    const [red, green, blue] = rgb.map((byte) => {
      const part = byte / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (color, back) => {
    const [dark, light] = [luminance(over(color, back)), luminance(back)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const page = parse(getComputedStyle(document.body).backgroundColor).rgb;
  const box = (element) => element.getBoundingClientRect();
  const isShown = (element) => box(element).width + box(element).height > 0 && !element.closest('defs, clipPath');
  const all = (selector) => [...document.querySelectorAll(selector)].filter(isShown);
  /** The colour of an element's `fill` or `stroke`; undefined if it has none that is seen. */
  const paint = (element, kind) => {
    const style = getComputedStyle(element);
    const color = parse(style[kind], Number(style[`${kind}Opacity`]) * Number(style.opacity));
    const isSeen = color?.alpha > 0 && (kind === 'fill' || Number.parseFloat(style.strokeWidth) > 0);
    return isSeen ? color : undefined;
  };
  const worst = (found) => found.reduce((a, b) => (b.contrast < a.contrast ? b : a));

  const shapes = all('svg path, svg circle, svg rect').filter((each) => paint(each, 'fill') || paint(each, 'stroke'));
  const marks = shapes.map((each) => {
    const colors = [paint(each, 'fill'), paint(each, 'stroke')].filter((color) => color !== undefined);
    return { what: each.outerHTML, contrast: Math.max(...colors.map((color) => contrast(color, page))) };
  });
  const borders = all('h2, th, td').map((each) => {
    return { what: each.outerHTML, contrast: contrast(parse(getComputedStyle(each).borderBottomColor), page) };
  });
  const svgTexts = all('svg text');
  const labels = svgTexts.map((each) => {
    const { left, right, top, bottom } = box(each);
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const behind = shapes.filter((shape) => {
      const around = box(shape);
      const holds = around.left < x && x < around.right && around.top < y && y < around.bottom;
      return holds && shape.compareDocumentPosition(each) === Node.DOCUMENT_POSITION_FOLLOWING && paint(shape, 'fill');
    });
    const back = behind.reduce((below, shape) => over(paint(shape, 'fill'), below), page);
    return { what: each.outerHTML, contrast: contrast(paint(each, 'fill'), back) };
  });
  const words = all('h1, h2, p, th, td, li, caption, summary').map((each) => {
    return { what: each.outerHTML, contrast: contrast(parse(getComputedStyle(each).color), page) };
  });
  return {
    images: [...document.images].map((image) => image.naturalWidth),
    charts: all('svg').map((svg) => box(svg).width),
    /** Labels, and cells with a number, of the drawings that are seen. */
    labels: svgTexts.map((each) => each.textContent),
    /** Smallest text of the charts, in pixels of the screen. */
    smallestText: Math.min(
      ...svgTexts.map((each) => {
        const svg = each.ownerSVGElement;
        return (Number.parseFloat(getComputedStyle(each).fontSize) * box(svg).width) / svg.viewBox.baseVal.width;
      }),
    ),
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    /** The text and the line, mark or cell with the lowest contrast. */
    faintestText: worst([...labels, ...words]),
    faintestLine: worst([...marks, ...borders]),
    /** Texts of tables and charts that the reader must move, because they are too wide; the epochs' table may be. */
    cut: all('.wide:not(details *)').flatMap((each) => (each.scrollWidth > each.clientWidth ? [each.textContent] : [])),
    page: page.join(),
  };
})();
