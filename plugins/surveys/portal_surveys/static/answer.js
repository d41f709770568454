// Answering a survey: hides what does not apply, counts, keeps what was typed, and puts options in order by buttons.
const root = document.querySelector("[data-survey]");
const form = root.matches("form") ? root : null;
const words = root.dataset;
const asks = [...root.querySelectorAll("[data-ask]")];
const fields = (ask) => [...ask.querySelectorAll("input,select,textarea")].filter((field) => field.type !== "hidden");
document.documentElement.dataset.asks = "yes";

// ---- what applies, and how much of it is answered ----

const box = (field) => /^(checkbox|radio)$/.test(field.type);
const given = (ask) => "kept" in ask.dataset || fields(ask).some((field) => (box(field) ? field.checked && field.value : field.value.trim()));
const ticked = (ask, option) => fields(ask).some((field) => box(field) && field.checked && field.value === option);

function look() {
  const shown = new Map();
  for (const ask of asks) {
    const { ask: id, onlyQuestion: other, onlyOption: option } = ask.dataset;
    shown.set(id, !other || (shown.get(other) !== false && ticked(root.querySelector(`[data-ask="${other}"]`), option)));
    ask.hidden = !shown.get(id);
  }
  const open = asks.filter((ask) => !ask.hidden);
  open.forEach((ask, at) => { ask.querySelector("[data-number]").textContent = at + 1; });
  const bar = root.querySelector("progress");
  if (!bar) return;
  bar.max = open.length || 1;
  bar.value = open.filter(given).length;
  root.querySelector("[data-progress]").textContent = words.tProgress.replace("{done}", bar.value).replace("{all}", open.length);
}

// ---- keeping: on the server, or for anonymous surveys on this device only ----

const saved = root.querySelector(".saved");
const values = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !/^(csrf_token|confirmed|fingerprint|child|agreed)$/.test(name) && !form.elements[name].matches?.("[type=password]"));
let timer = 0;
let saving = null; // while a draft is on its way, sending waits: else it could arrive after the answers

function keepHere() {
  try {
    localStorage.setItem(words.key, JSON.stringify(values()));
    saved.textContent = words.tSaved;
    delete form.dataset.changed;
  } catch { /* full or forbidden: the browser asks before the page is left */ }
}

async function keepThere() {
  const body = new URLSearchParams(values());
  body.set("child", form.elements.child.value);
  const sent = body.toString();
  try {
    const answer = await fetch(words.draftUrl, {
      method: "POST", body, credentials: "same-origin", redirect: "error", signal: AbortSignal.timeout(10000),
      headers: { "X-CSRF-Token": document.querySelector("meta[name=csrf]").content, Accept: "application/json" },
    });
    if (answer.status >= 400 && answer.status < 500) { saved.textContent = (await answer.json()).error; return; }
    if (!answer.ok) throw new Error(answer.status);
    const now = new URLSearchParams(values());
    now.set("child", form.elements.child.value);
    if (sent !== now.toString()) return; // changed meanwhile: the next save is on its way
    saved.textContent = words.tSaved;
    delete form.dataset.changed;
  } catch {
    saved.textContent = words.tLost;
    clearTimeout(timer);
    timer = setTimeout(keep, 10000);
  }
}

async function keep() {
  if (words.key) return keepHere();
  saving = keepThere();
  await saving;
  saving = null;
}

function changed() {
  look();
  if (!form || !saved) return;
  saved.textContent = "";
  clearTimeout(timer);
  timer = setTimeout(keep, words.key ? 300 : 1500);
}

function restore() {
  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(words.key)); } catch { return; }
  if (!kept) return;
  const of = (name) => kept.filter(([n]) => n === name).map(([, value]) => value);
  for (const field of asks.flatMap(fields)) {
    if (/^(file|password)$/.test(field.type)) continue;
    if (box(field)) field.checked = of(field.name).includes(field.value);
    else field.value = of(field.name)[0] ?? field.value;
  }
  saved.textContent = words.tRestored;
}

// ---- places by buttons ----

const places = (list) => [...list.querySelectorAll("select")];

function place(list) {
  [...list.children].forEach((item, at) => {
    item.querySelector("select").value = at + 1;
    item.querySelector(".place").textContent = `${at + 1}.`;
  });
}

function ranking(list) {
  const items = [...list.children].map((item) => [Number(item.querySelector("select").value) || 999, item]);
  items.sort(([one], [other]) => one - other).forEach(([, item]) => list.append(item));
  for (const node of list.closest(".ask").querySelectorAll("[data-moves]")) node.hidden = false;
  for (const select of places(list)) select.hidden = true;
  const as = list.closest(".ask").querySelector("[data-as]");
  const whole = places(list).every((select) => select.value);
  as.hidden = whole;
  if (whole) place(list);
  as.addEventListener("click", () => { place(list); as.hidden = true; list.querySelector("button").focus(); changed(); });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const item = button.closest("li");
    if (button.dataset.step === "-1") item.previousElementSibling?.before(item);
    else item.nextElementSibling?.after(item);
    place(list);
    as.hidden = true;
    button.focus();
    const told = list.closest(".ask").querySelector("[data-told]");
    told.textContent = `${item.querySelector("label").textContent.trim()}: ${item.querySelector("select").selectedOptions[0].textContent}`;
    changed();
  });
}

if (words.key && !("error" in words)) restore();
root.querySelectorAll(".ranking").forEach(ranking);
look();
root.addEventListener("input", changed);
form?.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (saving) {
    event.preventDefault();
    saving.then(() => { clearTimeout(timer); form.requestSubmit(event.submitter); });
    return;
  }
  if (words.key) sessionStorage.setItem("sent", words.key);
});
