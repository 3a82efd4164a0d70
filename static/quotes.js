"use strict";

// Words chosen in a text go into the field that quotes from it.
document.addEventListener("selectionchange", function () {
  var field = document.querySelector("[data-quotes]");
  var words = field && String(document.getSelection()).replace(/\s+/g, " ").trim();
  var from = words && document.getSelection().anchorNode;
  var place = from && (from.nodeType === 1 ? from : from.parentElement);
  if (place && place.closest(field.dataset.quotes)) { field.value = words.slice(0, field.maxLength > 0 ? field.maxLength : 200); }
});
