// A part of a page that changes while the page is open is fetched anew every few seconds (docs/pages.md).
(function () {
  "use strict";

  Array.prototype.forEach.call(document.querySelectorAll("[data-refresh]"), function (part) {
    var wait = Number(part.dataset.every) * 1000;

    function busy() {
      return document.hidden || part.contains(document.activeElement);
    }

    function again() {
      if (busy()) { return setTimeout(again, wait); }
      fetch(part.dataset.refresh, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" }, redirect: "error" })
        .then(function (answer) { if (!answer.ok) { throw new Error(answer.status); } return answer.text(); })
        .then(function (html) { if (!busy()) { part.innerHTML = html; } })
        .catch(function () {})  // the network may be back the next time
        .then(function () { setTimeout(again, wait); });
    }

    setTimeout(again, wait);
  });
})();
