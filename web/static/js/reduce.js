// State + news = the state of a fresh page. Pure, and held to the same vectors as the server's tests (tests/news_vectors.json).
//
// A news item is a part of the state. The first word of its type says which object it belongs to, or else the id in its data which list;
// fields are laid over the old ones, and a field that is null is taken away. News of the day and of the run-of-show bring `items` of the programme besides, and one that is `gone` leaves it, as in other lists; `chat.named` and `questions.named` say what
// somebody is called from now on, at all that they have written or asked.

const OBJECTS = { rundown: "now", streaming: "lane", people: "you", day: "day", house: "house", gestures: "gestures" };
const LISTS = { poll: "polls", message: "chat", survey: "surveys", question: "questions", item: "programme", held: "held", restraint: "restraints", wordlist: "wordlists", announcement: "announcements", room: "rooms", line: "captions", turn: "turns", whisper: "whispers", typed: "typed", source: "sources", pile: "piles", queue: "queues", panellist: "panellists", region: "regions", channel: "channels" };
const NAMED = { "chat.named": ["chat", "held", "restraints"], "questions.named": ["questions"] };
const ADDS = new Set(["chat.said", "chat.let_through"]); // all other news of a message change one that is there
const CHAT_MOST = 50; // as many as a fresh page has
const LINES_MOST = 20;

/** *old* with the fields laid over it. */
export function over(old, fields) {
  const made = { ...old };
  for (const [name, value] of Object.entries(fields)) {
    if (value === null) delete made[name];
    else made[name] = value;
  }
  return made;
}

function inList(list, key, fields) {
  const place = list.findIndex((one) => one[key] === fields[key]);
  return place < 0 ? [...list, over({}, fields)] : list.with(place, over(list[place], fields));
}

/** Captions stand in the order of their ids; one that was corrected long after may come back, and goes again. */
const lastLines = (list, key) => list.toSorted((a, b) => (a[key] < b[key] ? -1 : 1)).slice(-LINES_MOST);

/**
 * The state after one item of news; the old one is not touched.
 *
 * @param state as in `welcome.state`.
 * @param item `{type, data}`.
 */
export function reduce(state, { type, data }) {
  const object = OBJECTS[type.split(".")[0]];
  if (object) {
    const { items, ...fields } = data;
    const moved = { ...state, [object]: over(state[object], fields) };
    if (items) moved.programme = items.reduce((list, one) => (one.gone ? list.filter((had) => had.item !== one.item) : inList(list, "item", one)), state.programme ?? []);
    return moved;
  }
  if (type in NAMED) return NAMED[type].reduce((named, name) => (state[name] ? { ...named, [name]: state[name].map((one) => (one.by?.person === data.by.person ? { ...one, by: { ...one.by, ...data.by } } : one)) } : named), state);
  const key = Object.keys(LISTS).find((one) => one in data);
  if (!key) return state;
  const had = state[LISTS[key]] ?? [];
  if (data.gone) return { ...state, [LISTS[key]]: had.filter((one) => one[key] !== data[key]) };
  if (key === "message" && !ADDS.has(type) && !had.some((one) => one.message === data.message)) return state;
  if (type === "questions.backs" && !had.some((one) => one.question === data.question)) return state; // on no page that we have
  const list = inList(had, key, data);
  return { ...state, [LISTS[key]]: key === "message" ? list.slice(-CHAT_MOST) : key === "line" || key === "typed" ? lastLines(list, key) : list };
}
