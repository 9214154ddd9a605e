/** An element of the page that is always there. */
export function byId(id: string): HTMLElement {
  return document.getElementById(id)!;
}

/** A new element; text goes in as text. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number>> = {},
  children: readonly (Node | string)[] = [],
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** Choices of which one holds. */
export function choices(
  name: string,
  title: string,
  options: readonly (readonly [value: string, label: string])[],
  chosen: string,
): HTMLElement {
  return make("fieldset", {}, [
    make("legend", {}, [title]),
    ...options.map(([value, label]) => {
      const button = make("input", { type: "radio", name, value });
      button.checked = value === chosen;
      return make("label", {}, [button, make("span", {}, [label])]);
    }),
  ]);
}
