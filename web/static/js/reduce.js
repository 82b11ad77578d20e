// State + news = the state of a fresh page. Pure, and the same for every feature: the first word of a news item's type says which part
// of the state it belongs to, its data are laid over that part field by field, and a field that is null is taken away. News of the
// run-of-show may bring `items` of the programme besides, and news of the chat may be of a room in place of a message.

const LISTS = { polls: ["polls", "poll"], chat: ["chat", "message"], surveys: ["surveys", "survey"], questions: ["questions", "question"], programme: ["programme", "item"] };
const THINGS = { rundown: "now", streaming: "lane", people: "you", day: "day" };
const CHAT_MOST = 50; // as many as a fresh page has

function over(old, fields) {
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

/**
 * The state after one item of news; the old one is not touched.
 *
 * @param state as in `welcome.state`.
 * @param item `{type, data}`.
 */
export function reduce(state, { type, data }) {
  const feature = type.split(".")[0];
  if (feature in LISTS) {
    const [name, key] = LISTS[feature];
    if (data[key] === undefined) return feature === "chat" && data.room ? { ...state, rooms: inList(state.rooms ?? [], "room", data) } : state;
    const list = inList(state[name] ?? [], key, data);
    return { ...state, [name]: name === "chat" ? list.slice(-CHAT_MOST) : list };
  }
  if (!(feature in THINGS)) return state;
  const { items = [], ...fields } = data;
  const thing = THINGS[feature];
  if (feature !== "rundown") return { ...state, [thing]: over(state[thing], data) };
  const programme = items.reduce((list, one) => inList(list, "item", one), state.programme ?? []);
  return { ...state, [thing]: over(state[thing], fields), programme };
}
