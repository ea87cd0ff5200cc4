// The page works without this script; with it, contents follow the reader, tables sort and long ones can be searched.
(() => {
  "use strict";
  const words = document.documentElement.dataset;
  const locale = document.documentElement.lang;

  const contents = document.querySelector("nav details");
  if (contents && matchMedia("(max-width:64rem)").matches) contents.open = false;

  const links = new Map([...document.querySelectorAll("nav a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const heads = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  let current = null;
  const follow = () => {
    const passed = heads.filter((head) => head.getBoundingClientRect().top < innerHeight / 3);
    const link = links.get((passed.at(-1) || heads[0] || {}).id);
    if (!link || link === current) return;
    if (current) current.removeAttribute("aria-current");
    (current = link).setAttribute("aria-current", "location");
    const box = link.closest("nav");
    const at = link.offsetTop - box.offsetTop;
    if (at < box.scrollTop || at > box.scrollTop + box.clientHeight - 40) box.scrollTop = at - box.clientHeight / 2;
  };
  addEventListener("scroll", follow, { passive: true });
  follow();

  const nav = document.querySelector("nav");
  if (nav) {
    const button = document.createElement("button");
    const isDark = () =>
      (document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme:dark)").matches ? "dark" : "light")) === "dark";
    const name = () => (button.textContent = isDark() ? words.light : words.dark);
    button.type = "button";
    button.onclick = () => {
      document.documentElement.dataset.theme = isDark() ? "light" : "dark";
      name();
    };
    name();
    nav.prepend(button);
  }

  const key = (row, column) => {
    const cell = row.cells[column];
    if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
    return (cell.firstChild ? cell.firstChild.textContent : "").trim();
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), locale, { numeric: true });
  const isEmpty = (value) => value === "" || value === "—";

  for (const table of document.querySelectorAll(".table table:not(.form)")) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    if (table.scrollWidth > table.parentElement.clientWidth) {
      table.parentElement.tabIndex = 0;
      table.parentElement.setAttribute("role", "group");
      table.parentElement.setAttribute("aria-label", words.wide);
    }
    const isList = table.parentElement.hasAttribute("data-search");
    if ((rows.length < 3 && !isList) || table.classList.contains("fixed")) continue;
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      if (!head.textContent.trim()) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.onclick = () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const keyed = rows.map((row) => [key(row, column), row]);
        keyed.sort(([a], [b]) => (isEmpty(a) || isEmpty(b) ? isEmpty(a) - isEmpty(b) : (down ? -1 : 1) * compare(a, b)));
        body.append(...keyed.map(([, row]) => row));
      };
    });
    if (rows.length >= 12 || isList) {
      const field = document.createElement("input");
      field.type = "search";
      field.className = "search";
      field.placeholder = words.search;
      field.setAttribute("aria-label", words.search);
      field.oninput = () => {
        const wanted = field.value.toLocaleLowerCase(locale).trim();
        for (const row of rows) row.classList.toggle("hidden", !row.textContent.toLocaleLowerCase(locale).includes(wanted));
      };
      table.parentElement.before(field);
    }
  }
})();
