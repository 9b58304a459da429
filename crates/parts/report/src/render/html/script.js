"use strict";
(() => {
  const one = (selector) => document.querySelector(selector);
  const list = one("#findings");
  const findings = Array.from(list.children, (element) => ({
    element,
    details: element.querySelector("details"),
    words: element.textContent.toLowerCase().replace(/\s+/g, " "),
    rank: Number(element.dataset.rank),
    severity: element.dataset.severity,
    time: element.dataset.time === "" ? Infinity : Number(element.dataset.time),
    rule: element.dataset.rule,
    place: element.querySelector(".place").textContent,
    muted: element.classList.contains("muted"),
  }));
  const words = one("#words");
  const rule = one("#rule");
  const sort = one("#sort");
  const suppressed = one("#suppressed");
  const severities = Array.from(document.querySelectorAll("input[name=severity]"));

  const filter = () => {
    // Words, and "words that stand beside one another".
    const wanted = Array.from(words.value.toLowerCase().matchAll(/"([^"]+)"?|[^\s"]+/g), (found) => found[1] ?? found[0]);
    const chosen = new Set(severities.filter((box) => box.checked).map((box) => box.value));
    let shown = 0;
    for (const finding of findings) {
      const bySeverity = finding.muted ? suppressed !== null && suppressed.checked : chosen.has(finding.severity);
      const byRule = rule.value === "" || rule.value === finding.rule;
      const isShown = bySeverity && byRule && wanted.every((word) => finding.words.includes(word));
      finding.element.hidden = !isShown;
      shown += isShown ? 1 : 0;
    }
    one("#shown").textContent = `${shown} of ${findings.length}`;
  };

  const text = (left, right) => (left < right ? -1 : left > right ? 1 : 0);
  const orders = {
    rank: (left, right) => left.rank - right.rank,
    time: (left, right) => text(left.time, right.time) || left.rank - right.rank,
    place: (left, right) =>
      left.place.localeCompare(right.place, "en", { numeric: true }) || left.rank - right.rank,
    rule: (left, right) => text(left.rule, right.rule) || left.rank - right.rank,
  };
  const order = () => {
    findings.sort(orders[sort.value]);
    list.append(...findings.map((finding) => finding.element));
  };

  const openAll = (isOpen) => {
    for (const finding of findings) {
      if (!finding.element.hidden) {
        finding.details.open = isOpen;
      }
    }
  };

  one("#toolbar").addEventListener("submit", (event) => event.preventDefault());
  one("#toolbar").addEventListener("input", filter);
  sort.addEventListener("input", order);
  one("#open").addEventListener("click", () => {
    openAll(findings.some((finding) => !finding.element.hidden && !finding.details.open));
  });
  for (const bar of document.querySelectorAll("button[data-words]")) {
    bar.addEventListener("click", () => {
      words.value = words.value === bar.dataset.words ? "" : bar.dataset.words;
      filter();
    });
  }
  one("#theme").addEventListener("click", () => {
    const isDark = getComputedStyle(document.documentElement).colorScheme === "dark" ||
      (document.documentElement.dataset.theme === undefined && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.dataset.theme = isDark ? "light" : "dark";
  });
  addEventListener("beforeprint", () => openAll(true));
  one("#theme").hidden = false;
  one("#toolbar").hidden = findings.length === 0;
  filter();
})();
