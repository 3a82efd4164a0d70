// A text that is too long is not sent: what is sent in vain may be lost. The field says so itself (docs/pages.md);
// cutting it off, as maxlength does, would lose the end of what was pasted.
(function () {
  "use strict";

  function length(text) {
    return text.trim().replace(/[\uD800-\uDBFF](?=[\uDC00-\uDFFF])/g, "").length;
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-most]"), function (field) {
    var most = Number(field.dataset.most);

    function check() {
      var now = length(field.value);
      field.setCustomValidity(now > most ? field.dataset.mostWords.replace("{now}", now.toLocaleString("en")) : "");
    }

    field.form.addEventListener("input", check);
    // Also for the buttons that skip the browser's own checks: a draft too long can't be saved either.
    field.form.addEventListener("submit", function (event) {
      check();
      if (field.validity.customError) { event.preventDefault(); event.stopImmediatePropagation(); field.reportValidity(); }
    });
    check();
  });
})();
