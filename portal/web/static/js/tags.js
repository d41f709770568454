// Tagging quickly: type to find a child, take over the tags of the photo before, arrow keys between chips.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const boxes = (set) => [...set.querySelectorAll("[type=checkbox]")];

function count(set) {
  const badge = set.querySelector("[data-count]");
  const n = boxes(set).filter((box) => box.checked).length;
  badge.textContent = n;
  badge.hidden = !n;
}

function filter(input) {
  const wanted = plain(input.value.trim());
  const set = input.closest("[data-tags]");
  for (const chip of set.querySelectorAll(".tick")) {
    chip.hidden = Boolean(wanted) && !plain(chip.textContent).split(/[\s-]+/).some((word) => word.startsWith(wanted)) && !plain(chip.textContent).includes(wanted);
  }
  const none = set.querySelector("[data-none]");
  none.textContent = set.querySelector(".tick:not([hidden])") ? "" : none.dataset.none;
}

function before(set) {
  const sets = [...document.querySelectorAll("[data-shot] [data-tags]")];
  return sets[sets.indexOf(set) - 1];
}

function ready(set) {
  set.querySelector(".tools").hidden = false;
  set.querySelector("[data-same]").hidden = !before(set);
  count(set);
}

const all = () => document.querySelectorAll("[data-tags]").forEach(ready);
all();
document.addEventListener("shots", all); // upload.js says so when photos come, go or move

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-filter]")) filter(event.target);
});
document.addEventListener("change", (event) => {
  const set = event.target.closest("[data-tags]");
  if (set) count(set);
});
document.addEventListener("click", (event) => {
  const same = event.target.closest("[data-same]");
  if (!same) return;
  const set = same.closest("[data-tags]");
  const ticked = new Set(boxes(before(set)).filter((box) => box.checked).map((box) => box.value));
  for (const box of boxes(set)) box.checked = ticked.has(box.value);
  count(set);
  set.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("keydown", (event) => {
  const set = event.target.closest?.("[data-tags]");
  if (!set) return;
  const shown = boxes(set).filter((box) => !box.closest(".tick").hidden);
  if (event.target.matches("[data-filter]")) {
    if (event.key !== "Enter") return;
    event.preventDefault(); // Enter ticks the first child found and never sends the form
    if (event.target.value.trim() && shown[0]) {
      shown[0].click();
      event.target.value = "";
      filter(event.target);
    }
  } else if (event.target.type === "checkbox") {
    const forward = document.documentElement.dir === "rtl" ? -1 : 1;
    const step = { ArrowRight: forward, ArrowLeft: -forward, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    shown[(shown.indexOf(event.target) + step + shown.length) % shown.length]?.focus();
  }
});
