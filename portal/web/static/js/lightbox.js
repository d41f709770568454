// Photos in place: arrow keys, swipes, the back button. Without this the links lead to a page for each photo.
const box = document.getElementById("lightbox");
const picture = box?.querySelector("img");
const caption = box?.querySelector("figcaption");
const count = box?.querySelector(".count");
const save = box?.querySelector("[data-save]");
const page = box?.querySelector("[data-page]");
let links = [];
let at = 0;

const big = (link) => link.dataset.large || `${link.href}/large`;

function show(index) {
  at = (index + links.length) % links.length;
  const link = links[at];
  const small = link.querySelector("img");
  picture.src = small.currentSrc || small.src; // at once what is here already, then the large one
  const large = new Image();
  large.onload = () => { if (links[at] === link) picture.src = large.src; };
  large.src = big(link);
  picture.alt = small.alt;
  caption.textContent = small.alt === box.getAttribute("aria-label") ? "" : small.alt; // a photo without a description is called just that
  caption.setAttribute("aria-hidden", "true"); // the picture itself already says it
  count.textContent = links.length > 1 ? `${at + 1} / ${links.length}` : "";
  save.hidden = !link.dataset.download;
  if (link.dataset.download) save.href = link.dataset.download;
  page.hidden = Boolean(link.dataset.large); // then the link leads to the picture itself
  page.href = link.href;
  for (const step of box.querySelectorAll("[data-step]")) step.hidden = links.length < 2;
  const next = links[(at + 1) % links.length];
  if (next !== link) new Image().src = big(next);
}

function open(link) {
  links = [...link.closest(".photos").querySelectorAll("a")];
  show(links.indexOf(link));
  box.showModal();
  history.pushState({ lightbox: true }, "");
}

if (box) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".photos a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link);
  });
  box.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    if (step) show(at + Number(step.dataset.step));
    else if (event.target.tagName === "FIGURE") box.close();
  });
  document.addEventListener("keydown", (event) => {
    if (!box.open) return;
    const forward = document.documentElement.dir === "rtl" ? -1 : 1;
    const step = { ArrowRight: forward, ArrowLeft: -forward }[event.key];
    if (step && links.length > 1) show(at + step);
    else if (event.key === "Home") show(0);
    else if (event.key === "End") show(links.length - 1);
    else return;
    event.preventDefault();
  });
  let from = null;
  box.addEventListener("pointerdown", (event) => { from = event.isPrimary && event.pointerType !== "mouse" ? event : null; });
  box.addEventListener("pointerup", (event) => {
    const [x, y] = from ? [event.clientX - from.clientX, event.clientY - from.clientY] : [0, 0];
    from = null;
    if (Math.abs(y) > 90 && y > Math.abs(x)) box.close();
    else if (Math.abs(x) > 50 && Math.abs(x) > 2 * Math.abs(y) && links.length > 1) {
      show(at + (x < 0 ? 1 : -1) * (document.documentElement.dir === "rtl" ? -1 : 1));
    }
  });
  box.addEventListener("close", () => {
    picture.removeAttribute("src");
    links[at]?.focus();
    if (history.state?.lightbox) history.back();
  });
  addEventListener("popstate", () => box.open && box.close());
}
