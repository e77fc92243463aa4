/** A text as it stands in HTML, in attributes too. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** The page of a redirect, for a client that does not follow it. */
export function movedPage(location: string): string {
  return `<head><title>Document Moved</title></head>\n<body><h1>Object Moved</h1>This document may be found <a HREF="${escaped(location)}">here</a></body>`
}
