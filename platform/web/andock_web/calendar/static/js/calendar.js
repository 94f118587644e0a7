// The calendar: the grid, the way through time, and what starts from a click.

import { converting, hiding } from "./convert.js";
import { showDetails } from "./details.js";
import { createAt, editSpan } from "./editor.js";
import { content } from "./face.js";
import { source, spans } from "./feed.js";
import { watchMenus } from "./menu.js";
import { moveSpan } from "./move.js";
import { data, fill, isPlanned, make, url, words } from "./page.js";
import { watchPeople } from "./people.js";
import { plainRoles } from "./roles.js";
import { removeSpan } from "./remove.js";
import { toast } from "./shell.js";
import { wirePrint } from "./print.js";
import { wireSheet } from "./sheet.js";
import { watchSync } from "./sync.js";
import { day, fullDay, monthYear, plusDays, plusSeconds, wallOf, weekday, written } from "./time.js";

const VIEW = "andock.calendar.view";
const NARROW = 640;
const host = document.getElementById("cal-grid");
const title = document.getElementById("cal-title");

const grid = window.EventCalendar.create(host, {
  view: startView(),
  date: data.today,
  timeZone: data.offset,
  locale: data.locale,
  firstDay: data.firstDay,
  headerToolbar: { start: "", center: "", end: "" },
  height: "100%",
  eventSources: [{ events: source }],
  lazyFetching: false,
  nowIndicator: true,
  selectable: true,
  editable: true,
  slotHeight: 29,
  slotEventOverlap: false,
  scrollTime: beforeWork(),
  eventGap: 2,
  dayMaxEvents: true,
  allDayContent: words.allDayShort,
  noEventsContent: words.none,
  moreLinkContent: ({ num }) => fill(words.more, num),
  buttonText: (text) => ({ ...text, close: words.close }),
  slotLabelFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
  dayHeaderFormat: dayHeader,
  listDayFormat: (date) => fullDay(wallOf(date)),
  listDaySideFormat: () => "",
  dayPopoverFormat: (date) => fullDay(wallOf(date)),
  views: { dayGridMonth: { dayHeaderFormat: { weekday: "short" } } },
  eventContent: ({ event, view }) => {
    const span = spans.get(event.id);
    return span ? content(span, event.id, view.type) : undefined;
  },
  eventDrop: (info) => moveSpan(spans.get(info.event.id), info, refresh),
  eventResize: (info) => moveSpan(spans.get(info.event.id), info, refresh),
  select: (info) => begin(info.startStr, info.endStr, info.allDay),
  dateClick: (info) => {
    const end = info.allDay ? plusDays(info.dateStr, 1) : plusSeconds(info.dateStr, 3600);
    begin(info.dateStr, end, info.allDay);
  },
  datesSet: ({ view }) => head(view),
});

const acts = {
  details: (span) => open(span),
  edit: (span) => editSpan(span, refresh),
  convert: (span) => converting(span, refresh),
  hide: (span) => hiding(span, refresh),
  remove: (span) => removeSpan(span, refresh),
  openLink: (span) => window.open(span.link, "_blank", "noopener,noreferrer"),
  copyTime: async (span) => {
    await navigator.clipboard.writeText(written(span));
    toast(words.copied);
  },
};

wireHead();
wireSheet();
wirePrint(grid, spans);
shadeLeisure();
plainRoles(host);
host.addEventListener("click", (event) => {
  const face = event.target.closest("button.cal-face");
  if (face) open(spans.get(face.dataset.key));
});
watchMenus(host, (key) => spans.get(key), acts);
watchPeople(refresh);
watchSync(refresh);

/** Fetch what is shown again; the grid stays where it is. */
function refresh() {
  grid.refetchEvents();
}

function open(span) {
  if (span && isPlanned(span)) location.assign(url(span.kind, span.id));
  else if (span) showDetails(span, acts, refresh);
}

function begin(start, end, allDay) {
  createAt({ start, end, allDay }, () => { grid.unselect(); refresh(); }, () => grid.unselect());
}

function wireHead() {
  const go = { prev: () => grid.prev(), next: () => grid.next(), today: () => grid.gotoDate(data.today) };
  document.querySelectorAll("[data-go]").forEach((button) => {
    button.addEventListener("click", go[button.dataset.go]);
  });
  document.querySelectorAll("[data-view]").forEach((button) => {
    button.addEventListener("click", () => {
      localStorage.setItem(VIEW, button.dataset.view);
      grid.setOption("view", button.dataset.view);
    });
  });
  document.querySelector("[data-new]").addEventListener("click", () => {
    const view = grid.getView();
    const first = day(wallOf(view.currentStart));
    const shown = data.today >= first && data.today < day(wallOf(view.currentEnd));
    const hour = shown ? nextHour() : "09:00";
    const start = `${shown ? data.today : first}T${hour}:00`;
    begin(start, plusSeconds(start, 3600), false);
  });
}

// What lies outside of the working hours is shaded; the grid begins to scroll just before them.
function shadeLeisure() {
  const share = (wall) => `${(minutes(wall) / 14.4).toFixed(3)}%`;
  host.style.setProperty("--work-start", share(data.workStart));
  host.style.setProperty("--work-end", share(data.workEnd));
}

function beforeWork() {
  const start = Math.max(0, minutes(data.workStart) - 15);
  const two = (number) => String(number).padStart(2, "0");
  return `${two(Math.floor(start / 60))}:${two(start % 60)}:00`;
}

function minutes(wall) {
  return Number(wall.slice(0, 2)) * 60 + Number(wall.slice(3, 5));
}

function nextHour() {
  const hour = Math.min(Number(data.now.slice(0, 2)) + 1, 22);
  return `${String(hour).padStart(2, "0")}:00`;
}

function head(view) {
  const start = wallOf(view.currentStart);
  title.textContent = view.type === "timeGridDay" ? fullDay(start) : monthYear(start);
  document.querySelectorAll("[data-view]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.view === view.type));
  });
}

function dayHeader(date) {
  const wall = wallOf(date);
  const label = make("span", "cal-day-head", `${weekday(wall)} ${Number(wall.slice(8, 10))}`);
  return { domNodes: [label] };
}

function startView() {
  if (window.innerWidth < NARROW) return "timeGridDay";
  const kept = localStorage.getItem(VIEW);
  return document.querySelector(`[data-view="${CSS.escape(kept ?? "")}"]`) ? kept : "timeGridWeek";
}
