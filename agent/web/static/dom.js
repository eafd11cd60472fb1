"use strict";
// Making elements and words. All text is set as text, never parsed as markup: the page runs under
// a policy (Content-Security-Policy, Trusted Types) that refuses anything else.
//
// These files are plain scripts that share one scope, in the order in which index.html names
// them, so that the exported page can hold them in one file that opens without a server.

/** A new element: `el("td", {class: "x"}, "text", child)`. */
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** The same for a drawing. */
function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** A part of an address as text; what is wrongly encoded stays as it is. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const byId = (id) => document.getElementById(id);

/** Characters that control a terminal or turn the direction of text, shown instead of obeyed. */
function printable(text) {
  return String(text).replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, "\u00b7");
}

/** Text of somebody else's in an element that isolates its direction. */
const quoted = (text) => el("bdi", {}, printable(text));

/** Seconds as h:mm:ss. */
function clockText(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (number) => String(number).padStart(2, "0");
  return `${Math.floor(whole / 3600)}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`;
}

/** A score without needless digits. */
const scoreText = (score) => String(Math.round(score * 100) / 100);

/** One total of a row, as its column says. */
function totalText(contest, row, column) {
  const value = row.totals[column];
  return contest.totals[column].as === "clock" ? clockText(value) : scoreText(value);
}

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
