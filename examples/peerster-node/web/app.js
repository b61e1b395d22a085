// Every text of others goes into the page as text, never as markup.

const POLL_MS = 1_000;
const byId = (id) => document.getElementById(id);
const state = { token: location.hash.slice(1) || sessionStorage.getItem('token') || '', me: '', with: '', shown: '' };

async function call(path, body) {
  const response = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      Authorization: `Bearer ${state.token}`,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (response.status === 401 || response.status === 403) throw new Error('unauthorised');
  const text = await response.text();
  if (!response.ok) throw new Error(reasonOf(text, response.status));
  return text === '' ? undefined : JSON.parse(text);
}

function reasonOf(text, status) {
  const reasons = {
    'content-too-long': 'The text is too long: 1,024 bytes to everybody, 190 to one.',
    'unknown-recipient': 'The key of the recipient is not known yet.',
    'queue-full': 'Too many messages wait for their work.',
  };
  try {
    return reasons[JSON.parse(text).error] ?? `The node refused (${status}).`;
  } catch {
    return `The node refused (${status}).`;
  }
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function showMessages(messages) {
  const key = JSON.stringify(messages.map(({ Hash }) => Hash)) + state.with;
  if (key === state.shown) return;
  state.shown = key;
  const list = byId('messages');
  const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 40;
  list.replaceChildren(
    ...messages.map(({ FirstSeen, FromNode, Content, SeqID, FromAddress }) => {
      const head = `${FromNode} #${SeqID} · ${new Date(FirstSeen).toLocaleTimeString()} · by ${FromAddress}`;
      const item = element(
        'li',
        {},
        element('small', { className: 'name', textContent: head }),
        element('p', { textContent: Content }),
      );
      item.classList.toggle('own', FromNode === state.me);
      return item;
    }),
  );
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function showNames(names) {
  const list = byId('names');
  const others = names.filter((name) => name !== state.me);
  const shown = [...list.children].map((item) => item.textContent);
  if (JSON.stringify(shown) !== JSON.stringify(others)) {
    list.replaceChildren(
      ...others.map((name) => {
        const button = element('button', { type: 'button', className: 'name', textContent: name });
        button.addEventListener('click', () => openConversation(name));
        return element('li', {}, button);
      }),
    );
  }
  for (const button of list.querySelectorAll('button')) {
    button.setAttribute('aria-current', String(button.textContent === state.with));
  }
  byId('room').setAttribute('aria-current', String(state.with === ''));
}

function showPeers(peers) {
  const items = peers.map(({ Address, Type }) =>
    element('li', { textContent: `${Address}${Type === 0 ? '' : ' (learned)'}` }),
  );
  byId('peers').replaceChildren(...items);
}

function showProgress({ Mining }) {
  if (Mining === null) {
    if (byId('state').dataset.kind === 'work') tell('');
    return;
  }
  tell(
    `Proof of work: ${Math.round((100 * Mining.tried) / Mining.expected)} % of what is usual, ${Mining.waiting} waiting.`,
    'work',
  );
}

function tell(text, kind = '') {
  byId('state').textContent = text;
  byId('state').dataset.kind = kind;
}

function openConversation(name) {
  state.with = name;
  byId('title').textContent = name === '' ? 'Everybody' : `Private, with ${name}`;
  byId('text').placeholder = name === '' ? 'Write to everybody' : 'Write privately';
  refresh();
}

async function refresh() {
  const path = state.with === '' ? '/message' : `/privateMessage?name=${encodeURIComponent(state.with)}`;
  try {
    const [messages, names, peers, node] = await Promise.all([
      call(path),
      call('/routes'),
      call('/node'),
      call('/state'),
    ]);
    showMessages(messages);
    showNames(names);
    showPeers(peers);
    showProgress(node);
  } catch (error) {
    if (error.message === 'unauthorised') askForToken();
    else tell('The node does not answer.');
  }
}

function askForToken() {
  byId('login').hidden = false;
  byId('main').hidden = true;
}

async function start() {
  try {
    state.me = await call('/id');
  } catch {
    return askForToken();
  }
  sessionStorage.setItem('token', state.token);
  history.replaceState(null, '', location.pathname);
  byId('me').textContent = state.me === '' ? 'a relay' : state.me;
  byId('login').hidden = true;
  byId('main').hidden = false;
  await refresh();
  setInterval(refresh, POLL_MS);
}

byId('login').addEventListener('submit', (event) => {
  event.preventDefault();
  state.token = byId('token').value.trim();
  start();
});
byId('room').addEventListener('click', () => openConversation(''));
byId('compose').addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = byId('text').value;
  byId('send').disabled = true;
  tell('Proof of work …', 'work');
  try {
    if (state.with === '') await call('/message', text);
    else await call('/privateMessage', { Destination: state.with, Content: text });
    byId('text').value = '';
    tell('');
    await refresh();
  } catch (error) {
    tell(error.message);
  }
  byId('send').disabled = false;
});
byId('text').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey) {
    event.preventDefault();
    byId('compose').requestSubmit();
  }
});
byId('add-peer').addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    await call('/node', byId('peer').value.trim());
    byId('peer').value = '';
    tell('');
  } catch {
    tell('That is no address of a peer.');
  }
  refresh();
});
start();
