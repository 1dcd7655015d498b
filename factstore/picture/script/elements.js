// Makes and changes elements. Their contents are always text.
const ELEMENTS = (() => {
  const at = (id) => document.getElementById(id);

  const WRITTEN = ["h2", "blockquote", "dd", "button", "li"]; // elements with text by others, in any direction
  const element = (name, options, ...inside) => {
    const made = document.createElement(name);
    if (WRITTEN.includes(name)) made.dir = "auto";
    for (const [key, value] of Object.entries(options || {})) {
      if (key === "class") made.className = value;
      else if (key === "click") made.addEventListener("click", value);
      else made.setAttribute(key, value);
    }
    made.append(...inside.filter((part) => part !== null && part !== undefined && part !== ""));
    return made;
  };
  const svg = (name, attributes, ...inside) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    set(made, attributes);
    made.append(...inside);
    return made;
  };
  const round = (value) => Math.round(value * 10) / 10;
  const set = (node, attributes) => {
    for (const [key, value] of Object.entries(attributes)) {
      if (value === null) node.removeAttribute(key);
      else node.setAttribute(key, typeof value === "number" ? round(value) : value);
    }
  };
  const move = (node, x, y) => node.setAttribute("transform", `translate(${round(x)},${round(y)})`);
  const show = (node, yes) => node && set(node, { display: yes ? null : "none" });

  return { at, element, svg, round, set, move, show };
})();
