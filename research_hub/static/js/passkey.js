// A form that a passkey answers: what to ask comes from the server, what the device says goes back in the form.
const WORDS = {
  NotAllowedError: "The passkey was not used: it took too long, or was refused. Try again.",
  InvalidStateError: "This device holds a passkey for your account already.",
  SecurityError: "Passkeys work at the site's own address only, and over https.",
};

for (const form of document.querySelectorAll("[data-passkey]")) enable(form);

function enable(form) {
  const off = form.querySelector("[data-passkey-off]");
  if (!window.PublicKeyCredential) {
    off.textContent = "This browser knows no passkeys.";
    return;
  }
  off.remove();
  form.querySelector("[data-passkey-on]").hidden = false;
  form.addEventListener("submit", (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    answer(form).then(
      (credential) => {
        form.elements.credential.value = JSON.stringify(credential);
        form.submit();
      },
      (problem) => say(form, WORDS[problem.name] ?? problem.message),
    );
  });
}

async function answer(form) {
  const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token?.value ?? "" };
  const asked = await fetch(form.dataset.optionsUrl, { method: "POST", headers, redirect: "error" });
  if (!asked.ok) throw new Error("The site did not answer as it should. Reload the page and try again.");
  const publicKey = read(await asked.json());
  const made = form.dataset.passkey === "create" ? "create" : "get";
  return told(await navigator.credentials[made]({ publicKey }));
}

// WebAuthn speaks in bytes, JSON in base64url.
function read(options) {
  const lists = ["excludeCredentials", "allowCredentials"].filter((name) => options[name]);
  for (const name of lists) options[name] = options[name].map((each) => ({ ...each, id: bytes(each.id) }));
  if (options.user) options.user.id = bytes(options.user.id);
  return { ...options, challenge: bytes(options.challenge) };
}

function told(credential) {
  const { response } = credential;
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const said = names.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: Object.fromEntries(said),
  };
}

function bytes(base64url) {
  return Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(signs).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function say(form, words) {
  const line = form.querySelector("[data-passkey-said]");
  line.textContent = words;
  line.hidden = false;
  // The button waits after a click so that nothing is sent twice; here nothing was sent.
  form.querySelector("button").disabled = false;
}
