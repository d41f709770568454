// What every page gets: menus, toasts, dialogs, the question before a loss, light and dark. All of it only adds to pages that work without.
const root = document.documentElement;
const $ = (selector, from = document) => [...from.querySelectorAll(selector)];

// Light or dark: the system's choice until someone chooses. A cookie, so that the server already sends the right one.
const dark = matchMedia("(prefers-color-scheme: dark)");
for (const button of $("[data-theme-toggle]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    const next = now === "dark" ? "light" : "dark";
    root.dataset.theme = next;
    const secure = location.protocol === "https:" ? ";Secure" : "";
    document.cookie = `theme=${next};Path=/;Max-Age=31536000;SameSite=Lax${secure}`;
  });
}

// Menus close with Escape and when one presses elsewhere.
const closeMenus = (except) => $("details.menu[open]").forEach((menu) => menu !== except && (menu.open = false));
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  if (open) open.querySelector("summary").focus();
  closeMenus();
});

// Toasts go by themselves, but never while they are looked at, and bad news stays.
const dismiss = (toast) => toast.remove();
for (const toast of $(".toast")) {
  const close = toast.querySelector("[data-dismiss]");
  close.hidden = false;
  close.addEventListener("click", () => dismiss(toast));
  if (toast.matches(".danger, .warn")) continue;
  const wait = () => setTimeout(() => (toast.matches(":hover, :focus-within") ? wait() : dismiss(toast)), 8000);
  wait();
}

// Dialogs: data-open names one; pressing beside it closes it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open)?.showModal();
  const dialog = event.target.closest("dialog");
  if (!dialog) return;
  const at = dialog.getBoundingClientRect();
  const beside = event.target === dialog && event.detail && (event.clientX < at.left || event.clientX > at.right || event.clientY < at.top || event.clientY > at.bottom);
  if (beside || event.target.closest("[data-close]")) dialog.close();
});

// Before something is lost, ask here instead of on a page of its own.
const ask = (question, yes) => new Promise((answer) => {
  const dialog = document.getElementById("ask").content.firstElementChild.cloneNode(true);
  const [text, button] = [dialog.querySelector("p"), dialog.querySelector("button")];
  text.textContent = question;
  text.id = "ask-text";
  dialog.setAttribute("aria-labelledby", "ask-text");
  button.textContent = yes;
  document.body.append(dialog);
  dialog.addEventListener("close", () => { answer(dialog.returnValue === "yes"); dialog.remove(); });
  dialog.showModal();
});
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const by = event.submitter;
  if (event.defaultPrevented) return;
  if (form.matches("[data-sign-out]")) for (const key of Object.keys(localStorage)) if (key.startsWith("draft:")) localStorage.removeItem(key);
  const question = by?.dataset.confirm || form.dataset.confirm;
  if (question && !form.elements.confirmed) {
    event.preventDefault();
    if (!(await ask(question, by?.textContent.trim() || "OK"))) return;
    const said = Object.assign(document.createElement("input"), { type: "hidden", name: "confirmed", value: "1" });
    form.append(said);
    form.requestSubmit(by);
    return;
  }
  form.dataset.sent = "yes";
});

// Text that was typed is not lost by leaving the page unasked.
for (const form of $("form[data-guard]")) {
  form.addEventListener("input", () => { form.dataset.changed = "yes"; });
}
addEventListener("beforeunload", (event) => {
  if ($("form[data-guard][data-changed]:not([data-sent])").length) event.preventDefault();
});
addEventListener("pageshow", (event) => { if (event.persisted) $("form[data-sent]").forEach((form) => delete form.dataset.sent); });

// A draft that the server has taken in needs no second copy on this device.
const sent = sessionStorage.getItem("sent");
if (sent && !document.querySelector("[data-error]")) localStorage.removeItem(sent);
sessionStorage.removeItem("sent");

document.querySelector("[data-focus]")?.focus();
