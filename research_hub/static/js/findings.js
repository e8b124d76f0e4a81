// Answering offers in one pass with the keyboard: a accepts, e goes to the words, d dismisses, z undoes.
// j and k go on and back (shortcuts.js knows them for every row); the page comes back at the next offer that waits.
const addresses = JSON.parse(document.querySelector("script[data-modules]").dataset.modules);
const { offerKey } = await import(new URL(addresses.shortcuts, document.baseURI));

const offers = [...document.querySelectorAll("[data-offer]")];
const named = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
(named?.matches("[data-offer]") ? named : null)?.focus();

const current = () => document.activeElement?.closest("[data-offer]") ?? document.querySelector("[data-offer][aria-current]") ?? offers[0];
const press = (selector) => current()?.querySelector(selector)?.click();

offerKey("a", "Accept what is offered", () => press("[data-accept]"));
offerKey("d", "Dismiss it", () => press("[data-dismiss]"));
offerKey("e", "Change the words", () => current()?.querySelector("[data-words], input[name='tags']")?.focus());
offerKey("z", "Undo the last answer", () => document.querySelector(".banner form button[type='submit']")?.click());
