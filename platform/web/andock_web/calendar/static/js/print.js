// On paper the whole day has to fit on one page: the hours between the first and the last entry, and
// the working hours at least, as high as there is room.

import { data } from "./page.js";
import { day, time } from "./time.js";

const ROOM = 590; // CSS pixels of an A4 page across, below title, headings and whole-day entries
const SLOTS_AN_HOUR = 2;
const FRAME = () => new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });

/** Wire the button and the browser's own printing. `spans` are what the grid shows. */
export function wirePrint(grid, spans) {
  const usual = Object.fromEntries(
    ["slotMinTime", "slotMaxTime", "slotHeight"].map((name) => [name, grid.getOption(name)]),
  );
  const apply = (options) => Object.entries(options).forEach(([name, value]) => {
    grid.setOption(name, value);
  });
  window.addEventListener("beforeprint", () => apply(paper(spans)));
  window.addEventListener("afterprint", () => apply(usual));
  document.querySelector("[data-print]").addEventListener("click", async () => {
    apply(paper(spans)); // drawn before the browser's dialog stops all scripts
    await FRAME();
    window.print();
  });
}

function paper(spans) {
  let first = hour(data.workStart);
  let last = Math.ceil(minutes(data.workEnd) / 60);
  for (const span of spans.values()) {
    if (span.allDay) continue;
    const overnight = day(span.start) !== day(span.end);
    first = overnight ? 0 : Math.min(first, hour(time(span.start)));
    last = overnight ? 24 : Math.max(last, Math.ceil(minutes(time(span.end)) / 60));
  }
  const slots = Math.max(1, last - first) * SLOTS_AN_HOUR;
  return {
    slotMinTime: `${String(first).padStart(2, "0")}:00:00`,
    slotMaxTime: `${String(last).padStart(2, "0")}:00:00`,
    slotHeight: Math.floor(ROOM / slots),
  };
}

const minutes = (wall) => Number(wall.slice(0, 2)) * 60 + Number(wall.slice(3, 5));
const hour = (wall) => Math.floor(minutes(wall) / 60);
