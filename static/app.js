// What pages do better with a script. Each behaviour is switched on by a data attribute (docs/pages.md);
// every page works without this file.
(function () {
  "use strict";

  var KEPT = "changtong.kept.";
  var SENT = "changtong.sent";
  var WEEK = 7 * 24 * 3600 * 1000;
  var body = document.body;
  var guards = [];
  var leaving = null;
  var clicked = null;

  document.documentElement.classList.add("js");

  function all(selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  }

  function later(wait, act) {
    var timer;
    return function (other) {
      clearTimeout(timer);
      timer = setTimeout(act, typeof other === "number" ? other : wait);
    };
  }

  // A browser may refuse storage altogether; then nothing is kept and the page works on.
  function stored(act) {
    try { return act(window.localStorage, window.sessionStorage); } catch (error) { return null; }
  }

  function post(url, data) {
    return fetch(url, {
      method: "POST", body: new URLSearchParams(data), credentials: "same-origin", redirect: "manual",
      headers: { "X-Requested-With": "fetch", "Accept": "application/json, text/html" }
    });
  }

  function data(form) {
    var found = new FormData(form);
    all("input[type=file]", form).forEach(function (input) { found.delete(input.name); });
    return found;
  }

  function clock(when) {
    var date = new Date(when);
    if (isNaN(date)) { return when || ""; }
    return ("0" + date.getHours()).slice(-2) + ":" + ("0" + date.getMinutes()).slice(-2);
  }

  // What was typed, as text to compare and to keep: no tokens, no passwords, line ends alike.
  function typed(form) {
    var pairs = [];
    data(form).forEach(function (value, name) {
      var field = form.elements[name];
      if (name === "csrf_token" || name === "revision" || name === "form_key" || (field && field.type === "password")) { return; }
      pairs.push([name, String(value).replace(/\r\n/g, "\n").trim()]);
    });
    return JSON.stringify(pairs);
  }

  function fill(form, kept) {
    var pairs = JSON.parse(kept.text);
    // Words that may have been saved already, though no answer came, go on as the draft they made.
    if (kept.form && form.elements.form_key) { form.elements.form_key.value = kept.form; }
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!field.name || field.type === "hidden" || field.type === "file" || field.type === "submit") { return; }
      var values = pairs.filter(function (pair) { return pair[0] === field.name; }).map(function (pair) { return pair[1]; });
      if (field.type === "checkbox" || field.type === "radio") { field.checked = values.indexOf(field.value) >= 0; }
      else if (values.length) { field.value = values[0]; }
    });
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function autosave(form) {
    var status = form.querySelector("[data-autosave-status]");
    var words = status.dataset;
    var saved = typed(form);
    var running = null;
    var stopped = false;
    var soon = later(2000, save);

    function key() { return KEPT + (body.dataset.person || "") + "." + form.dataset.autosave; }
    function dirty() { return typed(form) !== saved; }
    function keep() {
      var made = form.elements.form_key ? form.elements.form_key.value : "";
      stored(function (local) { local.setItem(key(), JSON.stringify({ at: Date.now(), text: typed(form), form: made })); });
    }
    function forget() { stored(function (local) { local.removeItem(key()); }); }
    function say(word, name, value) {
      status.textContent = (words[word] || "").replace("{" + name + "}", value);
      status.className = "autosave autosave-" + word;
    }

    function accept(answer, text) {
      if (answer.revision !== undefined && form.elements.revision) { form.elements.revision.value = answer.revision; }
      forget();
      if (answer.edit_url) { history.replaceState(null, "", answer.edit_url); form.action = answer.edit_url; }
      if (answer.autosave_url) { form.dataset.autosave = answer.autosave_url; }
      saved = text;
      if (dirty()) { soon(); } else { say("saved", "time", clock(answer.saved_at)); }
    }

    function refuse(response) {
      keep();
      if (response.status === 409) {
        stopped = true;
        say("conflict");
        var link = document.createElement("a");
        link.href = location.href;
        link.textContent = words.reload;
        status.append(" ", link);
        return response.json().then(function (answer) { if (answer.message) { status.firstChild.data = answer.message; } }, Boolean);
      }
      if (response.status === 422) {
        return response.json().then(function (answer) {
          var names = Object.keys(answer.errors || {});
          say("invalid", "message", names.length ? answer.errors[names[0]] : "");
        });
      }
      if (response.status >= 500 || response.status === 429) { say("offline"); soon(15000); return null; }
      say([0, 400, 401].indexOf(response.status) >= 0 ? "expired" : "failed", "status", response.status);
      return null;
    }

    function save() {
      if (running || stopped || !dirty()) { return; }
      var long = all("[data-most]", form).filter(function (field) { return field.validity.customError; })[0];
      if (long) { keep(); say("invalid", "message", long.validationMessage); return; }
      var text = typed(form);
      say("saving");
      running = post(form.dataset.autosave, data(form))
        .then(function (response) {
          return response.ok ? response.json().then(function (answer) { accept(answer, text); }) : refuse(response);
        })
        .catch(function () { keep(); say("offline"); soon(15000); })
        .then(function () { running = null; });
    }

    form.addEventListener("input", function () {
      if (!stopped && dirty()) { say("unsaved"); soon(); }
      if (stopped) { keep(); }
    });

    // A save on its way would raise the revision under the form that is being sent, so the form waits for it.
    form.addEventListener("submit", function (event) {
      if (!running) { return; }
      var button = event.submitter || clicked || form.querySelector("[type=submit]");
      event.preventDefault();
      running.then(function () { button.click(); });
    });

    form.keepForSending = function () {
      if (!dirty()) { return; }
      keep();
      stored(function (local, session) { session.setItem(SENT, JSON.stringify({ key: key(), page: location.href })); });
    };

    guards.push({ form: form, dirty: dirty });
    offer(form, key(), words, forget);
  }

  // Text that could not be saved last time is offered, never filled in by itself.
  function offer(form, key, words, forget) {
    var kept = stored(function (local) { return JSON.parse(local.getItem(key)); });
    if (!kept) { return; }
    if (Date.now() - kept.at > WEEK || kept.text === typed(form)) { forget(); return; }
    var box = document.createElement("div");
    box.className = "notice notice-warn";
    box.setAttribute("role", "status");
    var line = document.createElement("p");
    line.textContent = words.kept.replace("{time}", new Date(kept.at).toLocaleString(document.documentElement.lang));
    box.append(line);
    [["restore", function () { fill(form, kept); }], ["discard", forget]].forEach(function (choice) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-plain btn-sm";
      button.textContent = words[choice[0]];
      button.addEventListener("click", function () { choice[1](); box.remove(); });
      box.append(button);
    });
    form.prepend(box);
  }

  // A form that was sent has arrived when this page is what its address answered with and no failure:
  // then the copy kept for the way is dropped. Old copies go after a week.
  function sweep() {
    stored(function (local, session) {
      var sent = JSON.parse(session.getItem(SENT));
      session.removeItem(SENT);
      var same = sent && all("[data-autosave]").some(function (form) { return sent.key.endsWith("." + form.dataset.autosave); });
      if (sent && !same && body.dataset.person && !("failed" in body.dataset) && document.referrer === sent.page) {
        local.removeItem(sent.key);
      }
      Object.keys(local).forEach(function (name) {
        if (name.indexOf(KEPT) === 0 && Date.now() - JSON.parse(local.getItem(name)).at > WEEK) { local.removeItem(name); }
      });
    });
  }

  function forgetAll() {
    stored(function (local) {
      Object.keys(local).forEach(function (name) { if (name.indexOf(KEPT) === 0) { local.removeItem(name); } });
    });
  }

  function preview(field) {
    var target = (field.form || document).querySelector("[data-preview-target]");
    var shown = 0;
    var draw = later(700, function () {
      var turn = ++shown;
      if (field.validity.customError) { return; }
      var sent = new FormData();
      sent.append("body", field.value);
      sent.append("csrf_token", field.form.elements.csrf_token.value);
      post(field.dataset.preview, sent)
        .then(function (response) { return response.ok ? response.text() : null; })
        .then(function (html) { if (html !== null && turn === shown) { target.innerHTML = html; } }, Boolean);
    });
    field.addEventListener("input", draw);
    if (field.value) { draw(0); }
  }

  function reach(area) {
    var form = area.closest("form");
    var target = area.querySelector("[data-reach-target]");
    var shown = 0;
    var count = later(500, function () {
      var turn = ++shown;
      post(area.dataset.reach, data(form))
        .then(function (response) { return response.json(); })
        .then(function (answer) { if (turn === shown) { target.textContent = answer.text || ""; } }, Boolean);
    });
    area.addEventListener("input", count);
  }

  function filterList(field) {
    var items = all(".form-check, li, tr", document.querySelector(field.dataset.filterList));
    field.addEventListener("input", function () {
      var wanted = field.value.trim().toLowerCase();
      items.forEach(function (item) {
        var box = item.querySelector("input");
        item.hidden = !(box && box.checked) && item.textContent.toLowerCase().indexOf(wanted) < 0;
      });
    });
    field.addEventListener("keydown", function (event) { if (event.key === "Enter") { event.preventDefault(); } });
  }

  // What a form shows for some choices of a list only; what is hidden is sent all the same,
  // but for a group of another list: nothing of it can stay chosen.
  function shut(group, isShut) {
    var list = group.parentElement;
    var chosen = list.options[list.selectedIndex];
    group.disabled = isShut;
    if (isShut && chosen && chosen.parentElement === group) { list.value = ""; }
  }
  function shows(list) {
    function update() {
      all("[data-for]", list.form).forEach(function (part) {
        var wanted = part.dataset.for.split(" ").indexOf(list.value) >= 0;
        part.hidden = !wanted;
        if (part.tagName === "OPTGROUP") { shut(part, !wanted); }
        if (wanted && part.tagName === "DETAILS") { part.open = true; }
      });
    }
    list.addEventListener("change", update);
    update();
  }

  // The bell is asked once a minute, and only while somebody may be looking at the page.
  function bell(link) {
    var count = link.querySelector("[data-bell-count]");
    var words = link.querySelector("[data-bell-words]");
    var before = parseInt(count.textContent, 10) || 0;
    var asked = Date.now();
    var timer = setInterval(ask, 60000);

    function show(told) {
      count.textContent = told.text;
      count.hidden = !told.count;
      if (told.count > before) { words.textContent = told.words; }
      before = told.count;
    }
    function ask() {
      if (document.hidden) { return; }
      asked = Date.now();
      fetch(link.dataset.bell, { credentials: "same-origin", redirect: "manual", headers: { "Accept": "application/json" } })
        .then(function (answer) {
          if (answer.ok) { return answer.json().then(show); }
          clearInterval(timer); // signed out, or in a seat that has no bell
        }, function () { /* the line is broken: the next minute comes */ });
    }
    document.addEventListener("visibilitychange", function () { if (Date.now() - asked > 60000) { ask(); } });
  }

  function unsaved(form) {
    var before = typed(form);
    guards.push({ form: form, dirty: function () { return typed(form) !== before; } });
  }

  document.addEventListener("click", function (event) {
    clicked = event.target.closest("button, input[type=submit]");
    if (clicked && "print" in clicked.dataset) { window.print(); }
    if (clicked && "back" in clicked.dataset) { history.back(); }
    all("details[data-drop][open]").forEach(function (drop) { if (!drop.contains(event.target)) { drop.open = false; } });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    all("details[data-drop][open]").forEach(function (drop) { drop.open = false; drop.querySelector("summary").focus(); });
  });

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") { return; }
    var button = event.submitter || clicked;
    var question = (button && button.form === form && button.dataset.confirm) || form.dataset.confirm;
    if (form.dataset.sent || (question && !window.confirm(question))) { event.preventDefault(); return; }
    if (button && "download" in button.dataset) { return; } // the page stays, and may be sent again
    form.dataset.sent = "yes";
    setTimeout(function () { delete form.dataset.sent; }, 8000);
    leaving = form;
    if (form.keepForSending) { form.keepForSending(); }
    if ("forget" in form.dataset) { forgetAll(); }
  });

  window.addEventListener("pageshow", function () {
    leaving = null;
    all("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  window.addEventListener("beforeunload", function (event) {
    if (guards.some(function (guard) { return guard.form !== leaving && guard.dirty(); })) { event.preventDefault(); event.returnValue = ""; }
  });

  sweep();
  all("form[data-autosave]").forEach(autosave);
  all("form[data-unsaved]").forEach(unsaved);
  all("[data-preview]").forEach(preview);
  all("[data-reach]").forEach(reach);
  all("[data-filter-list]").forEach(filterList);
  all("[data-shows]").forEach(shows);
  all("[data-bell]").forEach(bell);
  all("[data-focus]").slice(0, 1).forEach(function (element) { element.focus(); });
})();
