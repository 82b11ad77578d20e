// What one writes: a message, an answer to one, or one's own words anew. One form for all three; without scripts the page is loaded again for it.

import { nameOf } from "./chat.js";
import { part, show, write } from "./page.js";
import { tell } from "./spoken.js";
import { word } from "./words.js";

export class ChatForm {
  #live;
  #chat;
  #form;
  #opener = null; // the button that was pressed: there one goes on when one changes one's mind

  constructor(live, page, chat) {
    this.#live = live;
    this.#chat = chat;
    this.#form = part(page, "chat-form");
    part(page, "messages").addEventListener("click", (event) => this.#pressed(event));
    part(this.#form, "chat-cancel").addEventListener("click", (event) => {
      event.preventDefault();
      this.#cancel();
    });
    this.#form.addEventListener("keydown", (event) => event.key === "Escape" && !part(this.#form, "chat-about").hidden && this.#cancel());
    live.addEventListener("wish", ({ detail }) => detail.status === "refused" && this.#giveBack(detail));
  }

  /** Send what stands there. */
  send() {
    const { message, text } = this.#form.elements;
    if (!message.value) this.#chat.say(this.#form);
    else if (text.value.trim()) this.#live.wish("chat.edit", { message: message.value, text: text.value.trim() });
    else return;
    this.#clear();
  }

  #pressed(event) {
    const { name, value } = event.target.closest("button") ?? {};
    if (name !== "reply" && name !== "edit") return;
    event.preventDefault();
    this.#opener = event.target.closest("button");
    const message = this.#find(value);
    if (message) (name === "edit" ? this.#edit(message, message.text) : this.#reply(message));
  }

  #find(id) {
    return (this.#live.state?.chat ?? []).find((one) => one.message === id);
  }

  #reply({ message, room, by, text }) {
    this.#about({ room, reply_to: message, says: word("chat.replies", { name: nameOf(by), text }) });
  }

  #edit({ message }, text) {
    this.#about({ message, says: word("chat.edits") });
    this.#form.elements.text.value = text;
  }

  #about({ room = "", reply_to = "", message = "", says }) {
    const { elements } = this.#form;
    if (elements.message.value) elements.text.value = "";
    [elements.room.value, elements.reply_to.value, elements.message.value] = [room, reply_to, message];
    this.#form.dataset.do = message ? "chat.edit" : "chat.say";
    write(part(this.#form, "chat-about-text"), says);
    show(part(this.#form, "chat-about"), true);
    write(part(this.#form, "chat-send"), word(message ? "chat.save" : "chat.send"));
    tell(says);
    elements.text.focus();
  }

  /** A form as it was at first; what somebody is writing anew stays only where it belongs. */
  #clear() {
    const { elements } = this.#form;
    if (elements.message.value) elements.text.value = "";
    elements.room.value = elements.reply_to.value = elements.message.value = "";
    this.#form.dataset.do = "chat.say";
    show(part(this.#form, "chat-about"), false);
    write(part(this.#form, "chat-send"), word("chat.send"));
  }

  #cancel() {
    this.#clear();
    const back = this.#opener?.isConnected && this.#opener.offsetParent ? this.#opener : this.#form.elements.text;
    back.focus();
  }

  /** What was refused stands in the form again, about the same message. */
  #giveBack({ do: name, args }) {
    const { elements } = this.#form;
    if (elements.message.value || elements.reply_to.value) return;
    if (name === "chat.edit" && !elements.text.value && this.#find(args.message)) this.#edit({ message: args.message }, args.text);
    if (name === "chat.say" && args.reply_to && elements.text.value === args.text && this.#find(args.reply_to)) this.#reply(this.#find(args.reply_to));
  }
}
