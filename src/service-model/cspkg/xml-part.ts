import { type Element, type Markup, parseXml, XmlError } from '../../kernel/xml.ts'
import { damaged } from './refusal.ts'

/** The root element of an XML part, which must have that local name. Throws Refusal naming part, line and fault. */
export function readXmlPart(part: string, text: string, local: string): Element {
  let root: Element
  try {
    root = parseXml(text)
  } catch (error) {
    if (error instanceof XmlError) throw damaged(part, `is not usable XML (line ${error.line}: ${error.message})`)
    throw error
  }
  if (root.local !== local) throw damaged(part, `begins with <${root.local}> where <${local}> was expected`)
  return root
}

/** A whole document as the original tools write it: byte order mark and declaration in front. */
export function xmlDocument(root: Markup): string {
  return `\uFEFF<?xml version="1.0" encoding="utf-8"?>${root.markup}`
}
