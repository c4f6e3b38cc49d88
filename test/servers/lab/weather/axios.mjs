import axios from 'axios';

// The limit of axios ends with the headers; see the dripping body.
export async function getJson(url, limitMs) {
  return (await axios.get(url, { timeout: limitMs })).data;
}
