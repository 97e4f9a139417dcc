/** What a check of `npm run doctor` comes to: a status, a line about it and, unless all is well, what to do. */
const MILLISECONDS = 5_000;

export const ok = (text) => ({ status: 'ok', text });
export const warning = (text, remedy) => ({ status: 'warning', text, remedy });
export const problem = (text, remedy) => ({ status: 'problem', text, remedy });

/** No check takes longer than 5 s, or fails. */
export async function within(check) {
  const late = new Promise((done) => setTimeout(done, MILLISECONDS));
  const tooLate = problem(
    `no answer within ${MILLISECONDS / 1_000} s`,
    'Check whether it hangs or the network drops the connection.',
  );
  try {
    return await Promise.race([check(), late.then(() => tooLate)]);
  } catch (error) {
    return problem(`could not be checked: ${reasonOf(error)}`, 'This is unexpected: see the line above.');
  }
}

/** Node tells several reasons when a name has several addresses. */
export function reasonOf({ message, errors, code }) {
  return message || errors?.map((one) => one.message).join(', ') || code;
}
