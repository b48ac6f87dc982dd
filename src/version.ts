/** Of this product, as in package.json: it stands in what is handed to auditors. */
export const VERSION = "0.1.0";
