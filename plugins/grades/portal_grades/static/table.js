// The table of results by keyboard: Enter and the arrows lead from child to child, in the same column.
const table = document.querySelector(".marks");
const form = table?.closest("form");
const say = form?.querySelector("[data-unsaved]");
const kinds = ["r", "s", "c"];

const kindOf = (field) => field.name?.slice(0, 2).match(/^[rsc]-/)?.[0][0];
const column = (kind) => [...table.querySelectorAll(`[name^="${kind}-"]`)];

function go(field) {
  if (!field) return false;
  field.focus();
  if (field.select) field.select();
  field.scrollIntoView({ block: "nearest" });
  return true;
}

function step(from, by) {
  const all = column(kindOf(from));
  return go(all[all.indexOf(from) + by]);
}

function aside(from, by) {
  const kind = kinds[kinds.indexOf(kindOf(from)) + by];
  return kind !== undefined && go(from.closest("tr").querySelector(`[name^="${kind}-"]`));
}

function atEdge(field, end) {
  if (field.selectionStart === undefined || field.selectionStart === null) return false;
  const all = field.selectionStart === 0 && field.selectionEnd === field.value.length;
  return all || (field.selectionStart === field.selectionEnd && field.selectionStart === (end ? field.value.length : 0));
}

function mark(field) {
  const was = field.tagName === "SELECT"
    ? [...field.options].findIndex((option) => option.defaultSelected) !== field.selectedIndex
    : field.value !== field.defaultValue;
  field.classList.toggle("changed", was);
  if (say) say.textContent = table.querySelector(".changed") ? say.dataset.unsaved : "";
}

table?.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!kindOf(field) || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const list = field.tagName === "SELECT", text = field.tagName === "TEXTAREA";
  const ahead = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight", back = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
  let done = false;
  if (event.key === "Enter" && !(text && event.shiftKey)) {
    step(field, event.shiftKey ? -1 : 1);
    done = true; // Enter never sends the form from here: the last row would be sent half-filled
  } else if (event.key === "ArrowDown" && !list && (!text || atEdge(field, true))) done = step(field, 1);
  else if (event.key === "ArrowUp" && !list && (!text || atEdge(field, false))) done = step(field, -1);
  else if (event.key === ahead && !list && atEdge(field, true)) done = aside(field, 1);
  else if (event.key === back && !list && atEdge(field, false)) done = aside(field, -1);
  else if ((event.key === ahead || event.key === back) && list) done = aside(field, event.key === ahead ? 1 : -1);
  if (done) event.preventDefault();
});

table?.addEventListener("input", (event) => mark(event.target));
for (const field of table?.querySelectorAll("[name]") ?? []) if (kindOf(field)) mark(field);
for (const hint of document.querySelectorAll(".keys")) hint.hidden = false;
