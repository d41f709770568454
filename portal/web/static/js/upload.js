// Photos of a draft: sent one by one with progress, tried again when the line drops; text and tags kept here and on the server.
const place = document.querySelector(".uploader");
const form = place?.closest("form");
const csrf = document.querySelector("meta[name=csrf]").content;
const words = place?.dataset;
const list = place?.querySelector(".shots");
const saved = place?.querySelector(".saved");
const key = `draft:${words?.draft}`;
const waiting = [];
const jobs = new WeakMap(); // what is to be sent, by its card
let sending = false;
let after = null; // the button that was pressed while photos were still on their way

// ---- sending ----

const state = (shot, text) => { shot.querySelector(".state").textContent = text; };
const pause = (ms) => new Promise((go) => {
  const done = () => { clearTimeout(timer); removeEventListener("online", done); go(); };
  const timer = setTimeout(done, ms);
  addEventListener("online", done);
});

function send(file, once, onProgress) {
  return new Promise((answer, lost) => {
    const request = new XMLHttpRequest();
    request.open("POST", words.uploadUrl);
    request.setRequestHeader("X-CSRF-Token", csrf);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.timeout = 300000;
    request.upload.onprogress = (event) => event.lengthComputable && onProgress((100 * event.loaded) / event.total);
    request.onload = () => {
      const said = request.response;
      if (said?.id || said?.error) answer(said);
      else if (request.status >= 500 || request.status === 429) lost();
      else answer({ error: words.tFailed });
    };
    request.onerror = request.ontimeout = lost;
    const body = new FormData();
    body.append("once", once);
    body.append("photo", file, file.name);
    request.send(body);
  });
}

async function one(job) {
  const { shot, file, once } = job;
  const bar = shot.querySelector("progress");
  shot.classList.remove("failed");
  shot.querySelector("[data-retry]").hidden = true;
  for (let tries = 0; tries < 6 && shot.isConnected; tries++) {
    state(shot, `${words.tSending}: ${file.name}`);
    try {
      const said = await send(file, once, (part) => { bar.value = part; });
      return said.error ? fail(job, said.error) : arrive(shot, said);
    } catch {
      state(shot, words.tLost);
      await pause(Math.min(30000, 1000 * 2 ** tries) * (0.75 + Math.random() / 2));
    }
  }
  if (shot.isConnected) fail(job, words.tFailed);
}

function fail(job, text) {
  job.shot.classList.add("failed");
  state(job.shot, `${job.file.name}: ${text}`);
  const retry = job.shot.querySelector("[data-retry]");
  retry.hidden = false;
  retry.onclick = () => { waiting.push(job); work(); };
}

function arrive(shot, said) {
  const id = String(said.id).replace(/\W/g, "");
  for (const node of shot.querySelectorAll("[name],[id],[for],[value],[aria-describedby]")) {
    for (const a of node.attributes) if (a.value.includes(shot.dataset.shot)) node.setAttribute(a.name, a.value.replaceAll(shot.dataset.shot, id));
  }
  shot.dataset.shot = id;
  const order = shot.querySelector("[name=photos]");
  order.disabled = false;
  order.value = id;
  const picture = shot.querySelector(".pic img");
  Object.assign(picture, { src: said.src, width: said.width, height: said.height, hidden: false });
  shot.querySelector(".sending").hidden = true;
  state(shot, "");
  saved.textContent = words.tDone;
  changed();
}

async function work() {
  if (sending) return;
  sending = true;
  while (waiting.length) {
    const job = waiting.shift();
    job.busy = true;
    if (job.shot.isConnected) await one(job);
    job.busy = false;
  }
  sending = false;
  if (after && !list.querySelector(".failed")) form.requestSubmit(after.by);
  after = null;
}

const full = () => list.querySelectorAll(".shot").length >= Number(words.most);

function take(files) {
  for (const file of files) {
    if (full()) { saved.textContent = words.tMany; return; }
    const once = crypto.randomUUID?.() ?? String(Date.now() + Math.random());
    const holder = document.createElement("template");
    holder.innerHTML = place.querySelector("template").innerHTML.replaceAll("__id__", `new${once.replace(/\W/g, "")}`);
    const shot = holder.content.querySelector("li");
    shot.querySelector("[name=photos]").disabled = true;
    list.append(shot);
    const job = { shot, file, once };
    jobs.set(shot, job);
    if (file.size > Number(words.mostBytes)) { fail(job, words.tBig); shot.querySelector("[data-retry]").hidden = true; continue; }
    state(shot, `${words.tWaiting}: ${file.name}`);
    waiting.push(job);
  }
  document.dispatchEvent(new Event("shots"));
  work();
}

// ---- keeping ----

let timer = 0;
const values = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !/^(csrf_token|confirmed)$/.test(name) && !name.includes("-new"));

function changed() {
  try { localStorage.setItem(key, JSON.stringify(values())); } catch { /* full or forbidden: the server still gets it */ }
  form.dataset.changed = "yes";
  if (saved.textContent === words.tSaved) saved.textContent = "";
  clearTimeout(timer);
  timer = setTimeout(save, 1500);
}

let leaving = false; // then the next page may have been made before this save: the copy on the device stays
addEventListener("beforeunload", () => { leaving = true; });

async function save() {
  leaving = false;
  const sent = JSON.stringify(values());
  try {
    const answer = await fetch(words.saveUrl, {
      method: "POST", body: new URLSearchParams(values()), credentials: "same-origin", redirect: "error",
      headers: { "X-CSRF-Token": csrf, Accept: "application/json" },
    });
    if (answer.status === 409) { saved.textContent = (await answer.json()).error; return; } // another window was faster
    if (!answer.ok) throw new Error(answer.status);
    if (leaving || sent !== JSON.stringify(values())) return; // changed meanwhile: the next save is on its way
    saved.textContent = words.tSaved;
    localStorage.removeItem(key);
    delete form.dataset.changed;
  } catch {
    saved.textContent = words.tKept;
    clearTimeout(timer);
    timer = setTimeout(save, 10000);
  }
}

function restore() {
  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(key)); } catch { return; }
  if (!kept || JSON.stringify(kept) === JSON.stringify(values())) return;
  const of = (name) => kept.filter(([n]) => n === name).map(([, value]) => value);
  const names = new Set(kept.map(([name]) => name));
  const shots = new Set(of("photos"));
  for (const field of form.elements) {
    if (!field.name || /^(photos|csrf_token|confirmed)$/.test(field.name) || /^(file|hidden|submit|button)$/.test(field.type)) continue;
    const about = field.closest("[data-shot]");
    if (about && !shots.has(about.dataset.shot)) continue;
    if (/^(checkbox|radio)$/.test(field.type)) field.checked = of(field.name).includes(field.value);
    else if (names.has(field.name)) [field.value] = of(field.name);
  }
  saved.textContent = words.tRestored;
  changed();
}

// ---- hands ----

// A removed photo leaves a line from which it comes back with its tags. The server keeps it too until the story is posted.
function remove(shot) {
  const holder = document.createElement("template");
  holder.innerHTML = place.querySelector("template.undo").innerHTML.replaceAll("__id__", shot.dataset.shot);
  const line = holder.content.querySelector("li");
  const back = line.querySelector("[data-back]");
  back.addEventListener("click", () => {
    if (full()) { saved.textContent = words.tMany; return; }
    line.replaceWith(shot);
    const job = jobs.get(shot);
    const halted = job && !job.busy && shot.querySelector("[name=photos]").disabled && !shot.matches(".failed");
    if (halted && !waiting.includes(job)) { waiting.push(job); work(); }
    shot.querySelector("[name=remove]").focus();
    document.dispatchEvent(new Event("shots"));
    changed();
  });
  shot.replaceWith(line);
  back.focus();
}

function beside(shot, way) {
  let found = shot[way];
  while (found && !found.matches(".shot")) found = found[way];
  return found;
}

// What was missing is no longer called missing once something is there.
function amended(input) {
  const field = input.closest(".bad");
  if (!field || !input.value) return;
  field.classList.remove("bad");
  input.removeAttribute("aria-invalid");
  field.querySelector(".error")?.remove();
  const line = document.querySelector(`.notice a[href="#${field.id || input.id}"]`)?.closest("li");
  if (line?.parentNode.children.length === 1) line.closest(".notice").remove();
  else line?.remove();
}

function onClick(event) {
  const button = event.target.closest("button[name=move],button[name=remove]");
  if (!button) return;
  event.preventDefault();
  const shot = button.closest("[data-shot]");
  if (button.name === "remove") remove(shot);
  else if (button.value.endsWith(":-1")) beside(shot, "previousElementSibling")?.before(shot);
  else beside(shot, "nextElementSibling")?.after(shot);
  if (button.name === "move") button.focus();
  document.dispatchEvent(new Event("shots"));
  changed();
}

if (place) {
  const input = place.querySelector("[type=file]");
  input.addEventListener("change", () => { take(input.files); input.value = ""; });
  place.addEventListener("dragover", (event) => event.preventDefault());
  place.addEventListener("drop", (event) => { event.preventDefault(); take([...event.dataTransfer.files].filter((file) => /^image\/|^$/.test(file.type))); });
  list.addEventListener("click", onClick);
  form.addEventListener("input", (event) => {
    amended(event.target);
    if (!event.target.matches("[type=file],[data-filter]")) changed();
  });
  form.addEventListener("submit", (event) => {
    if (sending) {
      event.preventDefault();
      after = { by: event.submitter };
      saved.textContent = words.tThen;
      return;
    }
    clearTimeout(timer);
    sessionStorage.setItem("sent", key);
  });
  restore();
  addEventListener("online", () => { if (form.dataset.changed) save(); });
}
