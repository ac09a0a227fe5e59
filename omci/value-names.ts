/** What G.988 9 calls the values of attributes, and alarms, by class. */
import { type Names, namesOf } from "./classes/parse.ts";
import { ALARMS, VALUES } from "./classes/values.ts";

let values: Map<string, Names> | undefined;
let alarms: Map<string, Names> | undefined;

/** Names of an attribute's values, where it has some. Read when the first one is asked for, as the classes are. */
export function valueNames(classId: number, attribute: string): Names | undefined {
  values ??= namesOf(VALUES);
  return values.get(`${classId}.${attribute}`) ?? values.get(attribute);
}

/** Names of a class's alarms. */
export function alarmNames(classId: number): Names | undefined {
  alarms ??= namesOf(ALARMS);
  return alarms.get(String(classId));
}
