/** The same function, each answer worked out once for each name that `nameOf` gives its argument. */
export function remembered<Argument, Answer>(
  nameOf: (argument: Argument) => string,
  answer: (argument: Argument) => Answer,
): (argument: Argument) => Answer {
  const answers = new Map<string, { answer: Answer }>();
  return (argument) => {
    const name = nameOf(argument);
    const known = answers.get(name);
    if (known !== undefined) return known.answer;
    const found = answer(argument);
    answers.set(name, { answer: found });
    return found;
  };
}
