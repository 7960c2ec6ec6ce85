"use strict";
// Everything can be read without this. It marks the bytes of the node that is pointed at and the node of the byte, keeps
// the page's language in step with the switch, and opens what a link leads to and what belongs on paper.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Languages.
  const switches = all('input[name="language"]');
  const speak = () => {
    const chosen = switches.find((one) => one.checked) || switches[0];
    document.documentElement.lang = chosen.value;
    if (chosen.dataset.title) document.title = chosen.dataset.title;
  };
  switches.forEach((one) => one.addEventListener("change", speak));
  speak();

  // Bytes and nodes.
  let marked = [];
  const clear = () => {
    marked.forEach((one) => one.classList.remove("on", "on-head"));
    marked = [];
  };
  const mark = (node) => {
    clear();
    const hex = node.closest(".octets").querySelector(".hex");
    const from = Number(node.dataset.from);
    const value = from + Number(node.dataset.head);
    all("b", hex).slice(from, Number(node.dataset.to)).forEach((byte, at) => {
      byte.classList.add(from + at < value ? "on-head" : "on");
      marked.push(byte);
    });
    node.classList.add("on");
    marked.push(node);
  };
  const nodeOf = (byte) => {
    const octets = byte.closest(".octets");
    const at = all("b", octets.querySelector(".hex")).indexOf(byte);
    const around = all(".node", octets).filter((one) => Number(one.dataset.from) <= at && at < Number(one.dataset.to));
    const size = (one) => one.dataset.to - one.dataset.from;
    // The innermost; of equals the outer, whose parts they are.
    return around.reduce((best, one) => (best && size(best) <= size(one) ? best : one), null);
  };
  const point = (event) => {
    if (!(event.target instanceof Element)) return;
    const node = event.target.closest(".octets .node");
    const byte = event.target.closest(".hex b");
    const found = node || (byte && nodeOf(byte));
    if (found) mark(found);
    else if (event.type === "mouseover") clear();
  };
  ["mouseover", "focusin", "click"].forEach((type) => document.addEventListener(type, point));
  document.addEventListener("focusout", clear);

  // What a link leads to.
  const open = () => {
    const wanted = location.hash && document.getElementById(location.hash.slice(1));
    if (wanted instanceof HTMLDetailsElement) wanted.open = true;
  };
  window.addEventListener("hashchange", open);
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest('a[href^="#"]')) setTimeout(open);
  });
  open();

  // All exchanges at once.
  all(".all").forEach((row) => {
    row.hidden = false;
    row.addEventListener("click", (event) => {
      if (!(event.target instanceof Element)) return;
      const button = event.target.closest("button");
      const exchanges = all("details.exchange", row.closest("section"));
      if (button) exchanges.forEach((one) => { one.open = button.dataset.open === "yes"; });
    });
  });

  // Paper has no way to open anything.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = all("details.cited:not([open])");
    opened.forEach((one) => { one.open = true; });
  });
  window.addEventListener("afterprint", () => opened.forEach((one) => { one.open = false; }));
})();
