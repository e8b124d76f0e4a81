// <button data-copy="the text"> copies it and says so where the button's own words stand.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const words = button.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      say(button, "Copied");
    } catch {
      say(button, "Could not copy");
    }
    setTimeout(() => (button.textContent = words), 2500);
  });
}

function say(button, words) {
  button.setAttribute("aria-live", "polite");
  button.textContent = words;
}
