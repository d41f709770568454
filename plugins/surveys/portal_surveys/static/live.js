// Results while people answer: fetched anew every quarter of a minute, as long as somebody looks at them.
const place = document.getElementById("results");

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("results");
    if (fresh && fresh.textContent !== place.textContent && !place.contains(document.activeElement)) {
      place.replaceChildren(...document.adoptNode(fresh).childNodes);
    }
  } catch { /* offline: what is shown stays */ }
}

setInterval(look, 15000);
