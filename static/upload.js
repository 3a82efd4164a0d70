// Files sent in parts, several at once, with progress; a broken line is waited out, and what has arrived stays.
// Without this file the form sends the files as any form does (docs/pages.md).
(function () {
  "use strict";

  var SMALLEST = 64 * 1024;
  var LARGEST = 2 * 1024 * 1024;
  var AT_ONCE = 2;
  var HEADERS = { "X-Requested-With": "fetch", "Accept": "application/json" };

  function Uploads(form) {
    this.form = form;
    this.words = form.dataset;
    this.rows = form.querySelector("[data-upload-rows]");
    this.waiting = [];
    this.running = 0;
    this.partSize = 512 * 1024;
  }

  Uploads.prototype.add = function (files) {
    var uploads = this;
    Array.prototype.forEach.call(files, function (file) { uploads.waiting.push(new Row(uploads, file)); });
    this.next();
  };

  Uploads.prototype.next = function () {
    while (this.running < AT_ONCE && this.waiting.length) {
      this.running += 1;
      this.waiting.shift().begin();
    }
  };

  Uploads.prototype.ended = function () {
    this.running -= 1;
    this.next();
    if (!this.running) { this.refresh(); }
  };

  // The list as the server knows it now, put in the place of the old one.
  Uploads.prototype.refresh = function () {
    var rows = this.rows;
    fetch(this.words.list, { credentials: "same-origin" })
      .then(function (response) { return response.ok ? response.text() : ""; })
      .then(function (html) {
        var fresh = new DOMParser().parseFromString(html, "text/html").getElementById("attachment-list");
        if (!fresh) { return; }
        document.getElementById("attachment-list").replaceWith(fresh);
        rows.querySelectorAll("[data-done]").forEach(function (row) { row.remove(); });
      }, Boolean);
  };

  function Row(uploads, file) {
    this.uploads = uploads;
    this.file = file;
    this.pause = 1000;
    this.draw();
    this.say(uploads.words.waiting);
  }

  Row.prototype.draw = function () {
    var row = this;
    var element = document.createElement("div");
    element.className = "upload-row";
    ["name", "said"].forEach(function (part) {
      row[part] = document.createElement("span");
      row[part].className = "upload-" + part;
    });
    this.name.textContent = this.file.name;
    this.bar = document.createElement("progress");
    this.bar.max = this.file.size || 1;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", this.file.name);
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "btn btn-plain btn-sm";
    this.button.textContent = this.uploads.words.cancel;
    this.button.addEventListener("click", function () { row.pressed(); });
    element.append(this.name, this.bar, this.said, this.button);
    this.element = element;
    this.uploads.rows.append(element);
    this.takeOver();
  };

  // A file that broke off earlier stands in the list: from now on this row tells of it.
  Row.prototype.takeOver = function () {
    var mark = [this.file.lastModified, this.file.size, this.file.name].join("/");
    document.querySelectorAll("[data-upload-mark]").forEach(function (row) {
      if (row.dataset.uploadMark === mark) { row.remove(); }
    });
  };

  Row.prototype.say = function (text, failed) {
    this.said.textContent = text;
    this.element.classList.toggle("upload-failed", Boolean(failed));
  };

  Row.prototype.pressed = function () {
    if (this.stopped) {
      this.stopped = false;
      this.button.textContent = this.uploads.words.cancel;
      this.say(this.uploads.words.waiting);
      this.uploads.waiting.push(this);
      this.uploads.next();
      return;
    }
    this.cancelled = true;
    if (this.request) { this.request.abort(); }
    var place = this.uploads.waiting.indexOf(this);
    if (place >= 0) { this.uploads.waiting.splice(place, 1); this.element.remove(); return; }
    this.drop();
  };

  Row.prototype.drop = function () {
    clearTimeout(this.timer);
    this.element.remove();
    var ended = this.uploads.ended.bind(this.uploads);
    if (this.url) { this.post(this.url + "/cancel").then(ended, ended); } else { ended(); }
  };

  Row.prototype.token = function () { return this.uploads.form.elements.csrf_token.value; };

  Row.prototype.post = function (url, data) {
    return fetch(url, {
      method: "POST", body: new URLSearchParams(data || {}), credentials: "same-origin",
      headers: Object.assign({ "X-CSRFToken": this.token() }, HEADERS)
    });
  };

  Row.prototype.begin = function () {
    var file = this.file;
    if (this.cancelled) { return; }
    this.ask(this.post(this.uploads.words.upload, { name: file.name, size: file.size, mark: String(file.lastModified) }), this.begin);
  };

  // How far it is: also what a failed part asks before it goes on.
  Row.prototype.look = function () {
    if (this.cancelled) { return; }
    this.ask(fetch(this.url, { credentials: "same-origin", headers: HEADERS }), this.look);
  };

  Row.prototype.ask = function (asked, again) {
    var row = this;
    asked.then(function (response) {
      if (!response.ok) { return row.refused(response.status, response, again); }
      return response.json().then(function (answer) {
        row.url = answer.url;
        row.received(answer.received);
      });
    }, function () { row.wait(again); });
  };

  Row.prototype.received = function (count) {
    if (this.cancelled) { return; }
    this.bar.value = count;
    this.say(Math.floor(100 * count / this.file.size) + "%");
    if (count >= this.file.size) { this.finish(); } else { this.send(count); }
  };

  Row.prototype.send = function (start) {
    var row = this;
    var began = Date.now();
    var part = this.file.slice(start, start + this.uploads.partSize);
    var request = this.request = new XMLHttpRequest();
    request.open("POST", this.url + "/parts/" + start);
    request.timeout = 120000;
    Object.keys(HEADERS).forEach(function (name) { request.setRequestHeader(name, HEADERS[name]); });
    request.setRequestHeader("X-CSRFToken", this.token());
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = function (event) { row.bar.value = start + event.loaded; };
    request.onload = function () {
      if (request.status === 200) {
        row.pause = 1000;
        row.uploads.fit(Date.now() - began);
        row.received(JSON.parse(request.responseText).received);
      } else if (request.status === 409) { row.look(); } else {
        row.refused(request.status, new Response(request.responseText), row.look);
      }
    };
    request.onerror = request.ontimeout = function () {
      row.uploads.partSize = SMALLEST;
      row.wait(row.look);
    };
    request.send(part);
  };

  // Parts as large as the line carries in a few seconds: little is lost when it breaks.
  Uploads.prototype.fit = function (took) {
    if (took < 2000) { this.partSize = Math.min(LARGEST, this.partSize * 2); }
    if (took > 8000) { this.partSize = Math.max(SMALLEST, this.partSize / 2); }
  };

  Row.prototype.finish = function () {
    var row = this;
    this.say(this.uploads.words.checking);
    this.post(this.url + "/finish").then(function (response) {
      if (!response.ok) { return row.refused(response.status, response, row.look); }
      row.element.dataset.done = "yes";
      row.button.remove();
      row.say(row.uploads.words.done);
      row.uploads.ended();
    }, function () { row.wait(row.look); });
  };

  Row.prototype.wait = function (again) {
    if (this.cancelled) { return; }
    this.say(this.uploads.words.broken);
    this.timer = setTimeout(again.bind(this), this.pause);
    this.pause = Math.min(30000, this.pause * 2);
  };

  Row.prototype.refused = function (status, response, again) {
    var row = this;
    var words = this.uploads.words;
    if (status === 503 || status === 502 || status === 504 || status === 429) { this.wait(again); return; }
    function stop(text) {
      row.stopped = true;
      row.button.textContent = words.again;
      row.say(text, true);
      row.uploads.ended();
    }
    if (status === 401 || status === 400) { stop(words.expired); return; }
    response.json().then(function (answer) {
      var errors = answer.errors || {};
      var names = Object.keys(errors);
      stop(names.length ? errors[names[0]] : answer.message || words.failed);
    }, function () { stop(words.failed); });
  };

  document.querySelectorAll("form[data-upload]").forEach(function (form) {
    var uploads = new Uploads(form);
    var input = form.elements.files;
    input.addEventListener("change", function () { uploads.add(input.files); input.value = ""; });
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("dragover", function (event) { event.preventDefault(); form.classList.add("upload-over"); });
    form.addEventListener("dragleave", function () { form.classList.remove("upload-over"); });
    form.addEventListener("drop", function (event) {
      event.preventDefault();
      form.classList.remove("upload-over");
      uploads.add(event.dataTransfer.files);
    });
    window.addEventListener("beforeunload", function (event) {
      if (uploads.running) { event.preventDefault(); event.returnValue = ""; }
    });
  });
})();
