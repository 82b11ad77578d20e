// Drawing: find parts of the page, clone pieces of it, fill in text. Text is only ever text; nothing here makes HTML of it.

/** The element in *root* whose `data-part` is *name*. */
export const part = (root, name) => root.querySelector(`[data-part="${name}"]`);

/** A copy of what stands in the page's `<template id="t-…">`. */
export const piece = (name) => document.getElementById(`t-${name}`).content.cloneNode(true).firstElementChild;

/** All of a template, when it holds more than one element. */
export const pieces = (name) => document.getElementById(`t-${name}`).content.cloneNode(true);

/** Put *text* there, unless it stands there already: what one reads or has marked is left alone. */
export function write(element, text) {
  if (element && element.textContent !== String(text)) element.textContent = text;
}

/** Show or hide. */
export function show(element, seen) {
  element?.toggleAttribute("hidden", !seen); // an SVG has no property for it
}

/** Set or take away an attribute. */
export function mark(element, name, value) {
  if (!element) return;
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/**
 * Keep the children of *list* in step with *items*, by key: old ones stay and are filled anew, so that marked text and what somebody is
 * typing stay; only new ones are made and lost ones taken away. The child that has focus is never moved; others are moved around it.
 *
 * @param list the parent.
 * @param name the `data-` attribute that holds the key.
 * @param make makes the element of an item.
 * @param fill fills an element with its item.
 */
export function keep(list, name, items, key, make, fill) {
  const old = new Map([...list.children].filter((child) => child.dataset[name]).map((child) => [child.dataset[name], child]));
  const held = [...list.children].find((child) => child.contains(document.activeElement));
  let place = list.firstElementChild;
  for (const item of items) {
    const id = String(key(item));
    const element = old.get(id) ?? make(item);
    element.dataset[name] = id;
    old.delete(id);
    if (element === held) place = around(held, place);
    if (element === place) place = place.nextElementSibling;
    else list.insertBefore(element, place);
    fill(element, item);
  }
  for (const element of old.values()) element.remove();
}

function around(held, place) {
  const between = [];
  for (let one = place; one && one !== held; one = one.nextElementSibling) between.push(one);
  held.after(...between);
  return held;
}
