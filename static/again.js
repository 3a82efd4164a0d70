// A form that came too late is sent with the token of whoever is signed in by now (docs/pages.md).
// Without this file it takes one press more after a session that somebody ended, or another's.
(function () {
  "use strict";

  Array.prototype.forEach.call(document.querySelectorAll("form[data-token]"), function (form) {
    var asked = false;
    var ready = false;

    function take(html) {
      var found = new DOMParser().parseFromString(html, "text/html").querySelector("[name=csrf_token]");
      if (found) { form.elements.csrf_token.value = found.value; }
    }
    function send() {
      ready = true;
      form.requestSubmit();
      asked = ready = false; // what comes back by the browser's history asks anew
    }
    form.addEventListener("submit", function (event) {
      if (ready) { return; }
      event.preventDefault();
      if (asked) { return; }
      asked = true;
      fetch(form.dataset.token, { credentials: "same-origin", redirect: "manual" })
        .then(function (answer) { return answer.ok ? answer.text().then(take) : null; })
        .then(send, send);
    });
  });
})();
