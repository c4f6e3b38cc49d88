/** What a place is remembered under: "Paris, FR", " paris,fr" and "PARIS ,FR" are one question. */
export function cityKey(city: string): string {
  return city.normalize('NFC').trim().replace(/\s+/g, ' ').replace(/ ?, ?/g, ',').toLowerCase();
}
