// Talks to the server; every failure becomes a sentence that can be shown.

const RETRIES = 4;

export class Refusal extends Error {
  constructor(message, code = '', retryAfter = 0) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

export async function model() {
  return (await answered(fetch('v1/model'))).json();
}

// Class ids of a picture; waits and asks again while the server has too much to do.
export async function segment(picture, side, signal, onWait) {
  for (let attempt = 0; ; attempt++) {
    try {
      const response = await answered(fetch(`v1/segment?format=json${side ? `&max_side=${side}` : ''}`, { method: 'POST', body: picture, signal }));
      return await response.json();
    } catch (error) {
      if (error.code !== 'queue_full' || attempt === RETRIES) throw error;
      onWait(error.retryAfter);
      await pause(error.retryAfter * 1000, signal);
    }
  }
}

async function answered(request) {
  let response;
  try {
    response = await request;
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refusal('The server cannot be reached. Is it still running?');
  }

  if (response.ok) return response;
  const problem = await response.json().catch(() => null);
  throw new Refusal(problem?.detail ?? `The server answered ${response.status}.`, problem?.code, Number(response.headers.get('Retry-After')) || 1);
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
  });
}
