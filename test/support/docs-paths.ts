/** Where the docs live: pages, document and assets. */
export const DOCS_PATHS = ['/docs', '/docs/', '/redoc', '/redoc/redoc.standalone.js', '/openapi.json'];
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'swagger-ui-init.js', 'index.html', 'favicon-32x32.png'];
DOCS_PATHS.push(...ASSETS.map((name) => `/docs/${name}`));

/** The settings of a deployed system. */
export const DEPLOYED = {
  SECRET_KEY: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  BCRYPT_COST: '10',
};
