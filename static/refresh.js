// A part of a page that changes while the page is open is fetched anew every few seconds (docs/pages.md).
(function () {
  "use strict";

  Array.prototype.forEach.call(document.querySelectorAll("[data-refresh]"), function (part) {
    var wait = Number(part.dataset.every) * 1000;
    var went = !!part.querySelector("[data-go]");  // what was there already waits for a press

    function busy() {
      return document.hidden || part.contains(document.activeElement);
    }

    function again() {
      if (busy()) { return setTimeout(again, wait); }
      fetch(part.dataset.refresh, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" }, redirect: "error" })
        .then(function (answer) { if (!answer.ok) { throw new Error(answer.status); } return answer.text(); })
        .then(function (html) { if (!busy()) { part.innerHTML = html; go(); } })
        .catch(function () {})  // the network may be back the next time
        .then(function () { setTimeout(again, wait); });
    }

    // What was waited for has come: a download begins by itself, once.
    function go() {
      var link = part.querySelector("[data-go]");
      if (link && !went) { went = true; location.assign(link.href); }
    }

    setTimeout(again, wait);
  });
})();
