// Before the first paint, so that a page chosen to be dark is never seen light.
const chosen = localStorage.getItem("beckon.theme");
if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
