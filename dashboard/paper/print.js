// Figures are drawn for the width of the screen, so paper gets that width made smaller. The
// scorecard, which opens first, is made smaller still if that brings it onto one page.
const PIXELS_A_MM = 96 / 25.4;
const PAPER_WIDTH = (210 - 16) * PIXELS_A_MM;
const PAPER_HEIGHT = (297 - 16) * PIXELS_A_MM;
// A phone's one column on one page could not be read.
const NARROW = 900;

addEventListener("beforeprint", () => {
  const style = document.documentElement.style;
  const width = innerWidth;
  if (width < NARROW) return;
  let zoom = PAPER_WIDTH / width;
  const page = document.querySelector("[data-testid=stMainBlockContainer]");
  const isScorecard = location.pathname.endsWith("/");
  if (page && isScorecard) zoom = Math.min(zoom, PAPER_HEIGHT / page.scrollHeight);
  style.setProperty("--paper-zoom", zoom);
  style.setProperty("--screen-width", `${width}px`);
});
