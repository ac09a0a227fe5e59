/** What XML is read into: elements with their namespaces, and how much of it is read at most. */

export const DEPTH_MAX = 24;
export const ELEMENTS_MAX = 16_384;
export const ATTRIBUTES_MAX = 64;

export interface XmlElement {
  namespace: string;
  name: string;
  /** All that stands directly in it. */
  text: string;
  children: XmlElement[];
  attributes: XmlAttribute[];
}

export interface XmlAttribute {
  namespace: string;
  name: string;
  value: string;
  /** Where the value has the form of a qualified name: the namespace that its prefix stands for. */
  valueNamespace: string;
}
