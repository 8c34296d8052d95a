// The picture of the plan: printing.

document.getElementById("print").addEventListener("click", () => window.print());
