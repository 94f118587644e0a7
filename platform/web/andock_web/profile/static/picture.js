// A chosen picture is cut to a small square before it is sent: any size will do, hidden data such as
// the place where it was taken stays behind, and pages stay light. Without this, the server checks.

const SIDE = 320;
const form = document.querySelector("[data-picture]");
const input = form.elements.picture;
const face = document.querySelector(".profile-picture .avatar");

input.accept = "image/*";
input.addEventListener("change", async () => {
  const [file] = input.files;
  if (!file) return;
  let image;
  try {
    image = await createImageBitmap(file);
  } catch {
    return; // no picture that this browser can read: the server says so in words
  }
  const canvas = square(image);
  const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.88); });
  if (!blob) return;
  const files = new DataTransfer();
  files.items.add(new File([blob], "picture.jpg", { type: "image/jpeg" }));
  input.files = files.files;
  face.replaceChildren(canvas);
});

function square(image) {
  const canvas = document.createElement("canvas");
  canvas.width = SIDE;
  canvas.height = SIDE;
  const side = Math.min(image.width, image.height);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white"; // where a PNG lets the ground shine through
  pen.fillRect(0, 0, SIDE, SIDE);
  const [x, y] = [(image.width - side) / 2, (image.height - side) / 2];
  pen.drawImage(image, x, y, side, side, 0, 0, SIDE, SIDE);
  return canvas;
}
