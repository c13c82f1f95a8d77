/**
 * @module
 * Gives the user a file.
 */

/** @param bytes the file's contents */
export function saveFile(name: string, type: string, bytes: BlobPart): void {
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken its own reference once the click is handled; a while is enough for slow ones.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
