// Brings the screen that is open into view where the strip of screens scrolls.
"use strict";

const strip = document.querySelector(".rail ul");
const open = strip.querySelector("[aria-current]");

function bring() {
  const [around, place] = [strip.getBoundingClientRect(), open.getBoundingClientRect()];
  strip.scrollLeft += place.left + place.width / 2 - around.left - around.width / 2;
}

if (open) new ResizeObserver(bring).observe(strip);
