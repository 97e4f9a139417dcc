export const DOCS_ACCESS = 'DocsAccess';

/** Decides who reads the docs in staging; the domain that knows users provides it. */
export interface DocsAccess {
  /**
   * Throws the HTTP exception to answer with unless the caller may read the docs.
   * @param authorization the request's header of that name
   */
  require(authorization: string | undefined): Promise<void>;
}
