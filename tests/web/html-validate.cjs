/* What valid HTML is: all that html-validate recommends, and what only whole documents can be asked. */
module.exports = {
  root: true,
  extends: ["html-validate:recommended", "html-validate:document"],
  rules: {
    /* How it is written, which HTML leaves free. */
    "doctype-style": "off",
    "attribute-boolean-style": "off",
    "attribute-empty-style": "off",
    "no-trailing-whitespace": "off", // what templates leave, and compression takes away
    "valid-id": ["error", { relaxed: true }], // Material's begin with an underscore

    /* Several boxes answer one question. */
    "form-dup-name": ["error", { shared: ["checkbox", "radio", "submit"] }],

    /* A form's title is its editor's, and "Errore: " before it is no matter for search engines. */
    "long-title": "off",

    /* Files come from the portal's own address, and their names are digests of what they hold. */
    "require-sri": "off",

    /* A table that scrolls or folds on a phone loses its roles in some browsers unless they are said. */
    "no-redundant-role": "off",

    /* The search answers as one types; that every other form has its button, the journeys see by pressing it. */
    "wcag/h32": "off",
  },
};
