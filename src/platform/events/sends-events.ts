/** By which headers events leave the system, by name with what they hold; undefined if nothing sends them. */
let headers: Record<string, string> | undefined;

/** Marks what sends events to others by HTTP, for the document: a POST with `{type, timestamp, data}`. */
export function SendsEvents(sent: Record<string, string>): ClassDecorator {
  return () => {
    headers = sent;
  };
}

export function headersOfEvents(): Record<string, string> | undefined {
  return headers;
}
