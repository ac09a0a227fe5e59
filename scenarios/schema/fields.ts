/**
 * The kinds of field a scenario is made of. Each says in its `expected` text what is allowed; that text ends up in the
 * error line and in the JSON Schema.
 */
import { Effect, Schema, SchemaGetter } from "effect";
import { readQuantity, type Unit, unitWords } from "../../base/quantities/index.ts";

/** A field with a value when it is left out. */
export const withDefault = <S extends Schema.Top>(schema: S, value: S["Encoded"]) =>
  schema.pipe(Schema.withDecodingDefaultKey(Effect.succeed(value)));

/** A field with what it says, its value when it is left out, and what one might write. */
export const field = <S extends Schema.Top>(
  schema: S,
  value: S["Encoded"],
  description: string,
  ...examples: readonly S["Encoded"][]
) => withDefault(schema.annotate(notes({ description, default: value, examples })) as S, value);

/** A field that may be missing: `description` says what holds then. */
export const maybe = <S extends Schema.Top>(schema: S, description: string, ...examples: readonly S["Encoded"][]) =>
  Schema.optionalKey(schema.annotate(notes({ description, examples })) as S);

/** A part of its own, all of which may be left out. */
export const part = <const Fields extends Schema.Struct.Fields>(fields: Fields, description: string) =>
  withDefault(Schema.Struct(fields).annotate({ description }), {} as never);

const notes = ({ examples, ...others }: { description: string; default?: unknown; examples: readonly unknown[] }) => ({
  ...others,
  ...(examples.length > 0 && { examples }),
});

export const integer = (minimum: number, maximum: number, unit = "") =>
  Schema.Int.annotate({
    expected: `a whole number, ${minimum} to ${maximum}${unit && ` ${unit}`}`,
  }).check(Schema.isBetween({ minimum, maximum }, { expected: `${minimum} to ${maximum}${unit && ` ${unit}`}` }));

export const number = (minimum: number, maximum: number, unit = "") =>
  Schema.Finite.annotate({
    expected: `a number, ${minimum} to ${maximum}${unit && ` ${unit}`}`,
  }).check(Schema.isBetween({ minimum, maximum }, { expected: `${minimum} to ${maximum}${unit && ` ${unit}`}` }));

/** A number in the unit of its field, or a text with a unit of its own: 32MiB where the field counts bytes. */
function measured<Counted extends ReturnType<typeof integer> | ReturnType<typeof number>>(
  counted: Counted,
  range: string,
  unit: Unit,
) {
  const { units, example } = unitWords(unit);
  const expected = `${range}, or with a unit, such as ${example}`;
  const written = Schema.String.annotate({ description: `A number and one of ${units}.`, examples: [example] })
    .check(Schema.makeFilter((value: string) => readQuantity(value, unit) !== undefined, { expected }))
    .pipe(
      Schema.decodeTo(counted, {
        decode: SchemaGetter.transform((value: string) => readQuantity(value, unit) ?? Number.NaN),
        encode: SchemaGetter.transform((value: number) => String(value)),
      }),
    );
  return Schema.Union([counted, written]).annotate({ expected });
}

/** A whole number of bytes or bits a second. */
export const whole = (minimum: number, maximum: number, unit: Unit) =>
  measured(integer(minimum, maximum, unit), `a whole number, ${minimum} to ${maximum} ${unit}`, unit);

export const quantity = (minimum: number, maximum: number, unit: Unit) =>
  measured(number(minimum, maximum, unit), `a number, ${minimum} to ${maximum} ${unit}`, unit);

/** Chance of an event, or share of a whole. */
export const share = measured(number(0, 1), "a number, 0 to 1", "share");

export const choice = <const L extends readonly string[]>(...values: L) =>
  Schema.Literals(values).annotate({ expected: values.join(", ") });

export const flag = Schema.Boolean.annotate({ expected: "true or false" });

/** Printable ASCII without spaces, as the ME's text attributes hold it. */
export const text = (least: number, most: number) =>
  Schema.String.annotate({ expected: "a text" }).check(
    Schema.isPattern(new RegExp(`^[\\x21-\\x7e]{${least},${most}}$`), {
      expected: `${least} to ${most} printable ASCII characters without spaces`,
    }),
    // For editors: a pattern does not get into the JSON Schema.
    Schema.isMinLength(least),
    Schema.isMaxLength(most),
  );

/** Any line of text. */
export const prose = Schema.String.annotate({ expected: "a text" });

/** Milliseconds, seconds and the like, each with the bounds that make sense for it. */
export const milliseconds = (maximum: number) => quantity(0, maximum, "ms");
export const seconds = (maximum: number) => quantity(0, maximum, "s");
