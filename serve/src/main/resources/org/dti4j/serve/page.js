'use strict';

const byId = id => document.getElementById(id);
const history = [];
const candidates = [];
let scores = new Map();
let before = null; // the scores that changes are shown against, and what was done since
let worth = null; // an interaction that is looked at, and the scores without it
let asked = 0;
let weighed = 0;

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function button(text, label, action) {
  const made = element('button', text);
  made.type = 'button';
  made.setAttribute('aria-label', label);
  made.addEventListener('click', action);
  return made;
}

async function ask(path, body) {
  const headers = {};
  const token = sessionStorage.getItem('token');
  if (token) headers.Authorization = 'Bearer ' + token;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const asking = {method: body === undefined ? 'GET' : 'POST', headers, body: body === undefined ? undefined : JSON.stringify(body)};
  const response = await fetch(path, asking).catch(() => {
    throw new Error('The server cannot be reached.');
  });
  if (response.status === 401) byId('token-form').hidden = false;
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail);
  return answer;
}

function tell(problem) {
  byId('problem').hidden = !problem;
  byId('problem').textContent = problem ? problem.message : '';
}

let searchTimer;
let searched = 0;
async function search() {
  const number = ++searched;
  try {
    const items = await ask('/v1/items?search=' + encodeURIComponent(byId('search').value));
    if (number !== searched) return;
    tell(null);
    byId('found').textContent = items.length === 20 ? 'The first 20 are shown' : items.length + (items.length === 1 ? ' item' : ' items');
    byId('items').replaceChildren(...items.map(found));
  } catch (problem) {
    tell(problem);
  }
}

function described(item) {
  const text = element('span', undefined, 'title');
  text.append(item.title);
  if (item.detail) text.append(element('span', item.detail, 'detail'));
  return text;
}

function found(item) {
  const row = element('li');
  const actions = element('span', undefined, 'actions');
  actions.append(
    button('Liked', 'Liked: ' + item.title, () => append(item, true)),
    button('Disliked', 'Disliked: ' + item.title, () => append(item, false)),
    button('Candidate', 'Candidate: ' + item.title, () => propose(item)));
  row.append(described(item), actions);
  return row;
}

function append(item, liked) {
  forgetChanges();
  history.push({item, liked});
  draw();
  score();
}

function propose(item) {
  if (candidates.some(each => each.id === item.id)) return;
  forgetChanges();
  candidates.push(item);
  draw();
  score();
}

function remove(index) {
  forgetChanges();
  const gone = history.splice(index, 1)[0];
  before = {scores, text: 'without ' + gone.item.title};
  draw();
  score();
  focusAfter('history', index);
}

function forgetChanges() {
  before = null;
  worth = null;
  weighed++;
}

async function weigh(each) {
  if (worth?.each === each || candidates.length === 0) return;
  const number = ++weighed;
  try {
    const answer = await scored(history.filter(other => other !== each));
    if (number !== weighed) return;
    tell(null);
    worth = {each, without: probabilities(answer)};
    byId('latency').textContent = `Points are what ${each.item.title} is worth: the score less what it would be without it`;
    drawCandidates();
  } catch (problem) {
    tell(problem);
  }
}

function weighNothing() {
  weighed++;
  if (!worth) return;
  worth = null;
  byId('latency').textContent = '';
  drawCandidates();
}

function scored(past) {
  return ask('/v1/score', {
    history: past.map(each => ({item: each.item.id, liked: each.liked})),
    candidates: candidates.map(each => each.id)});
}

function probabilities(answer) {
  return new Map(candidates.map((each, i) => [each.id, answer.probabilities[i]]));
}

function focusAfter(list, index) {
  const buttons = [...byId(list).querySelectorAll('button')].filter(each => each.textContent === 'Remove');
  (buttons[Math.min(index, buttons.length - 1)] || byId('search')).focus();
}

async function score() {
  const number = ++asked;
  if (candidates.length === 0) {
    byId('latency').textContent = '';
    return;
  }
  const start = performance.now();
  try {
    const answer = await scored(history);
    if (number !== asked) return;
    const whole = performance.now() - start;
    tell(null);
    scores = probabilities(answer);
    byId('latency').textContent = `${whole.toFixed(1)} ms, ${answer.milliseconds.toFixed(1)} ms of them scoring`
      + (before ? `; changes are those ${before.text}` : '');
    draw();
  } catch (problem) {
    tell(problem);
  }
}

function past(each, index) {
  const row = element('li');
  const text = described(each.item);
  text.append(element('span', each.liked ? 'liked' : 'disliked', 'detail ' + (each.liked ? 'liked' : 'disliked')));
  const actions = element('span', undefined, 'actions');
  const weight = button('Worth', `What number ${index + 1} is worth: ${each.item.title}`, () => weigh(each));
  weight.addEventListener('focus', () => weigh(each));
  weight.addEventListener('blur', weighNothing);
  actions.append(weight, button('Remove', 'Remove from the history: ' + each.item.title, () => remove(index)));
  row.append(text, actions);
  return row;
}

function candidate(item) {
  const row = element('li');
  const probability = scores.get(item.id);
  const numbers = element('span', undefined, 'actions');
  if (probability !== undefined) {
    const old = (worth ? worth.without : before?.scores)?.get(item.id);
    if (old !== undefined) {
      const change = 100 * (probability - old);
      numbers.append(element('span', (change < 0 ? '−' : '+') + Math.abs(change).toFixed(1) + ' points', 'change'));
    }
    numbers.append(element('span', (100 * probability).toFixed(1) + ' %', 'probability'));
  }
  numbers.append(button('Remove', 'Remove from the candidates: ' + item.title, () => {
    const index = candidates.indexOf(item);
    candidates.splice(index, 1);
    draw();
    score();
    focusAfter('candidates', index);
  }));
  row.append(described(item), numbers);
  if (probability !== undefined) {
    const bar = element('span', undefined, 'bar');
    const length = element('span');
    length.style.width = 100 * probability + '%';
    bar.append(length);
    row.append(bar);
  }
  return row;
}

function draw() {
  const focused = document.activeElement.getAttribute('aria-label');
  byId('history').replaceChildren(...history.map(past));
  byId('no-history').hidden = history.length > 0;
  drawCandidates();
  const again = focused && [...document.querySelectorAll('section button')].find(each => each.getAttribute('aria-label') === focused);
  if (again) again.focus(); // what was drawn anew keeps the keyboard where it was
}

function drawCandidates() {
  const ranked = [...candidates].sort((one, other) => (scores.get(other.id) ?? -1) - (scores.get(one.id) ?? -1));
  byId('candidates').replaceChildren(...ranked.map(candidate));
  byId('no-candidates').hidden = candidates.length > 0;
}

byId('search').addEventListener('input', () => {
  clearTimeout(searchTimer);
  searchTimer = setTimeout(search, 150);
});
byId('token-form').addEventListener('submit', event => {
  event.preventDefault();
  sessionStorage.setItem('token', byId('token').value);
  byId('token-form').hidden = true;
  search();
});
draw();
search();
