// What the page can do besides being read: filter, zoom, and follow a box to its change. Without this script everything
// is there and every link works.
(function () {
  'use strict';
  document.documentElement.classList.add('scripted');
  var form = document.querySelector('form.filter');
  var changes = Array.prototype.slice.call(document.querySelectorAll('details.change'));
  var shown = document.getElementById('shown');

  function wanted() {
    var actions = {};
    form.querySelectorAll('input[type=checkbox]').forEach(function (box) { actions[box.value] = box.checked; });
    var text = form.elements.text.value.trim().toLowerCase();
    var stage = form.elements.stage.value;
    var group = form.elements.group.value;
    return function (change) {
      return actions[change.dataset.action] !== false && (!stage || change.dataset.stage === stage) &&
        (!group || change.dataset.group === group || change.dataset.type === group) && (!text || change.dataset.text.toLowerCase().indexOf(text) >= 0);
    };
  }
  function filter() {
    var fits = wanted();
    var count = 0;
    changes.forEach(function (change) {
      change.hidden = !fits(change);
      if (!change.hidden) count += 1;
    });
    document.querySelectorAll('section.stage').forEach(function (section) {
      section.hidden = !section.querySelector('details.change:not([hidden])');
    });
    shown.textContent = count + ' of ' + changes.length + ' changes shown';
  }
  if (form) {
    form.addEventListener('input', filter);
    form.addEventListener('submit', function (event) { event.preventDefault(); });
    form.addEventListener('reset', function () { setTimeout(filter, 0); });
    filter();
  }

  // A link to a change opens it, and lets it be seen.
  function open(id) {
    var change = document.getElementById(id);
    if (!change || change.tagName !== 'DETAILS') return;
    if (change.hidden && form) { form.reset(); filter(); }
    change.open = true;
    change.scrollIntoView({block: 'center'});
    change.querySelector('summary').focus();
  }
  document.addEventListener('click', function (event) {
    var link = event.target.closest('a');
    if (!link) return;
    var target = link.getAttribute('href') || '';
    var group = link.getAttribute('data-group');
    if (group !== null && form) {
      event.preventDefault();
      form.elements.group.value = group;
      filter();
      document.getElementById('changes').scrollIntoView();
    } else if (target.charAt(0) === '#' && document.getElementById(target.slice(1)).tagName === 'DETAILS') {
      // By itself the browser would take the focus away again.
      event.preventDefault();
      history.replaceState(null, '', target);
      open(target.slice(1));
    }
  });
  if (location.hash) open(location.hash.slice(1));

  // The picture: wheel and buttons zoom, dragging and arrow keys move, 0 shows all.
  var svg = document.querySelector('figure svg');
  if (!svg) return;
  var whole = svg.viewBox.baseVal;
  var all = {x: whole.x, y: whole.y, width: whole.width, height: whole.height};
  var view = {x: all.x, y: all.y, width: all.width, height: all.height};
  function show() { svg.setAttribute('viewBox', [view.x, view.y, view.width, view.height].join(' ')); }
  function zoom(factor, at) {
    var width = Math.min(Math.max(view.width * factor, all.width / 40), all.width * 2);
    var scale = width / view.width;
    var center = at || {x: view.x + view.width / 2, y: view.y + view.height / 2};
    view = {x: center.x - (center.x - view.x) * scale, y: center.y - (center.y - view.y) * scale, width: width,
      height: view.height * scale};
    show();
  }
  function place(event) {
    var box = svg.getBoundingClientRect();
    var scale = Math.max(view.width / box.width, view.height / box.height);
    return {x: view.x + view.width / 2 + (event.clientX - box.left - box.width / 2) * scale,
      y: view.y + view.height / 2 + (event.clientY - box.top - box.height / 2) * scale, scale: scale};
  }
  svg.addEventListener('wheel', function (event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 0.8 : 1.25, place(event));
  }, {passive: false});
  var held = null;
  svg.addEventListener('pointerdown', function (event) { held = {event: event, view: view, moved: false}; });
  window.addEventListener('pointermove', function (event) {
    if (!held) return;
    var scale = place(event).scale;
    var dx = event.clientX - held.event.clientX;
    var dy = event.clientY - held.event.clientY;
    if (Math.abs(dx) + Math.abs(dy) < 4 && !held.moved) return;
    held.moved = true;
    view = {x: held.view.x - dx * scale, y: held.view.y - dy * scale, width: view.width, height: view.height};
    show();
  });
  window.addEventListener('pointerup', function () {
    var moved = held && held.moved;
    held = null;
    if (moved) window.addEventListener('click', function stop(event) { event.preventDefault(); event.stopPropagation();
      window.removeEventListener('click', stop, true); }, true);
  });
  var actions = {'+': function () { zoom(0.8); }, '-': function () { zoom(1.25); },
    '0': function () { view = {x: all.x, y: all.y, width: all.width, height: all.height}; show(); }};
  var figure = svg.closest('figure');
  figure.addEventListener('keydown', function (event) {
    var step = view.width / 10;
    var move = {ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step]}[event.key];
    if (actions[event.key]) { actions[event.key](); event.preventDefault(); }
    if (move && event.target === svg) { view.x += move[0]; view.y += move[1]; show(); event.preventDefault(); }
  });
  figure.querySelectorAll('button').forEach(function (button) {
    button.addEventListener('click', function () { actions[button.value](); });
  });
})();
